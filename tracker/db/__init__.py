"""The store of facts, and the timelines that follow from them. The only room that knows SQLAlchemy."""
