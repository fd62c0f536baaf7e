"""The store on PostgreSQL: statements over whole sets of rows, so that a batch takes few ways to the server and back.

Every process that shares the database runs at READ COMMITTED. What keeps them apart: what an event brings about is
written under the lock of its conversation, in the order of ids, and only if that is as it was read; rows of the outbox
are claimed with SKIP LOCKED; buckets are locked in the order of names.
"""
