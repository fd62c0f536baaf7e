"""The store on PostgreSQL: statements over whole sets of rows, so that a batch takes few ways to the server and back.

Every process that shares the database runs at READ COMMITTED. What keeps them apart: the row of a conversation is
locked while an event is applied to it, in the order of ids; rows of the outbox are claimed with SKIP LOCKED; buckets
are locked in the order of names.
"""
