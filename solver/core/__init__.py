"""The compiled core: ruin and recreate on packed arrays; ``layout`` explains their columns."""
