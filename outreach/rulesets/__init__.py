"""The law as data: rulesets, the dates and windows that follow from them, and the one checker."""
