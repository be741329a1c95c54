"""The furniture of the house: tokens, components, the shell that every page stands in, and the words of both languages.

It owns no table. It speaks HTML that works without script, WCAG 2.2 AA and RGAA 4.1, and htmx for comfort. It stands
just above the kernel, so what it shows of people and schools comes from providers of the protocols in `protocols.py`.
"""
