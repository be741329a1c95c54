"""Aujourd'hui, global search, the profile and the settings: shows what the rooms declare.

It stands above the directory and sign-in, so the cards that join the two (who has come in, of which class) are its own;
every other card comes from its room. It owns one table, the facts that the law wants said about this instance.
"""
