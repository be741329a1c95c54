"""The directory: people, organisations, groups, roles and guardians live here, once.

Every other room's spaces, folders, calendars and dashboards are views of a directory group. It owns rosters in and out
(OneRoster 1.1 and 1.2 CSV, Microsoft School Data Sync V1, V2, V2.1) and the rules of who sees whom.
"""
