"""The start page: what needs me now?"""
