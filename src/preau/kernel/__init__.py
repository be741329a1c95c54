"""What every room stands on: who acts, what they may do, how it is written down, when things happen.

It owns no person and no school. Parts: actor, actions, policy, audit, disclosures, events, jobs, schedules, clock, db,
search, privacy, routes, room.
"""
