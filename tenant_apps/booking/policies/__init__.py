"""The rules of booking: pure functions of whole numbers, ids and each other.

Availability reads from the bottom up:

- ``masks``, ``grid``: minutes as bits, and on which of them a visit may begin.
- ``visit``, ``layout``, ``plan``: what a visit is made of, and where its steps stand in time.
- ``cleanup``, ``breaks``, ``units``, ``kept``, ``matching``: one rule each.
- ``near``, ``reach``, ``turns``, ``chain``, ``barrier``, ``inner``: every start at once, as
  bounds within which a visit surely, and outside of which it surely not, can begin.
- ``search``, ``people``, ``attempt``, ``placing``: one start, exactly. Booking decides by it.
- ``fitting``: what is on offer: the bounds, and between them the search.
- ``places``, ``party``, ``crowd``, ``patterns``, ``party_fitting``: people who come together: at
  one start, and on offer.
- ``arranging``, ``explain``, ``crumbs``: why not, and which start is best.

``life`` and ``handover`` stand for themselves: which step of a visit's life may follow which,
and who takes over from whom.
"""
