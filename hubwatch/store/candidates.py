"""The statements that find in the store what a query wants: the newest, the likeliest, those due next, all.

They are made of the branches of `walks`, each with the conditions that its walk does not fulfil.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hubwatch.models import CALL_OPEN_DAYS, GIVEN
from hubwatch.store import walks
from hubwatch.store.conditions import Conditions
from hubwatch.store.db import Store
from hubwatch.store.query import ItemQuery, Sql, all_of, joined_by, within
from hubwatch.store.values import to_date, to_time

_RANKED = 10_000  # newest items among which the likeliest are looked for
_OPEN_CALL = "0.08"  # as in the formula of `profiles`
_RECENT = timedelta(days=CALL_OPEN_DAYS)
_EPOCH = 2440587.5  # the Julian day of 1970, which SQLite's julianday counts from
_DAY_S = 86400


def newest(store: Store, query: ItemQuery, *, limit: int) -> Sql:
    """Return the statement for (number, effective, weight) of the newest items that match."""
    conditions, branches = walks.plan(store, query, limit=limit)
    limited = [
        Sql(
            f"SELECT * FROM ({found.text} ORDER BY effective DESC, number DESC LIMIT ?)",
            (*found.params, limit),
        )
        for found in (
            branch.statement(query, conditions, "number", "effective", "weight") for branch in branches
        )
    ]
    united = joined_by(" UNION ALL ", limited)
    if len(limited) == 1:
        return united
    return Sql(
        f"SELECT number, effective, max(weight) AS weight FROM ({united.text}) GROUP BY number"
        " ORDER BY effective DESC, number DESC LIMIT ?",
        (*united.params, limit),
    )


def best(store: Store, query: ItemQuery) -> Sql:
    """Return the same for the items likeliest to rank high: of many newest, by topic and age.

    The weights and the age come near to the formula of `profiles`, which decides in the end.
    """
    if query.now is None:
        raise ValueError("the order by relevance needs ItemQuery.now")
    many = newest(store, query, limit=max(_RANKED, query.cap))
    calls = _open_calls(query, query.now)
    return Sql(
        f"SELECT number, effective, weight FROM ({many.text}) AS c"
        " ORDER BY coalesce(weight, max(0.4, coalesce("
        f"(SELECT max(b.score) FROM item_topics AS b WHERE b.item = c.number AND b.score >= {GIVEN}), 0)))"
        " * (0.8 + 2.8 / (14 + max(? - julianday(effective), 0)))"
        f" + {_OPEN_CALL} * (number IN ({calls.text})) DESC, effective DESC LIMIT ?",
        (*many.params, query.now.timestamp() / _DAY_S + _EPOCH, *calls.params, query.cap),
    )


def _open_calls(query: ItemQuery, now: datetime) -> Sql:
    """Return the statement for nearly those calls that `profiles` holds for open, by indexes alone."""
    recent, since = now - _RECENT, query.filters.since
    lately = Sql(
        "SELECT number FROM items INDEXED BY items_by_kind WHERE kind = 'call' AND effective >= ?",
        (to_time(max(recent, since or recent)),),
    )
    if since is not None and since >= recent:
        return lately  # nothing older is asked for
    due = Sql(
        "SELECT number FROM items INDEXED BY calls_by_deadline WHERE kind = 'call' AND deadline >= ?",
        (to_date(now),),
    )
    return joined_by(" UNION ALL ", [due, lately])


def soonest(store: Store, query: ItemQuery) -> Sql:
    """Return the same for the items whose deadlines come next, and the newest of all beside them."""
    if query.now is None:
        raise ValueError("the order by deadline needs ItemQuery.now")
    wanted = all_of([Sql("i.deadline >= ?", (to_date(query.now),)), *conditions_on(store, query)])
    others = newest(store, query, limit=query.cap)
    return Sql(
        "SELECT number, effective, NULL AS weight FROM (SELECT i.number, i.effective"
        f" FROM items AS i INDEXED BY items_by_deadline WHERE {wanted.text}"
        " ORDER BY i.deadline, i.number LIMIT ?)"
        f" UNION SELECT number, effective, NULL FROM ({others.text})",
        (*wanted.params, query.cap, *others.params),
    )


def window(store: Store, query: ItemQuery) -> Sql:
    """Return the statement for the items that lead in the order asked for, about as many as the limit."""
    if query.order == "relevance":
        return best(store, query)
    if query.order == "deadline":
        return soonest(store, query)
    return newest(store, query, limit=query.cap)


def every(store: Store, query: ItemQuery, *columns: str) -> Sql:
    """Return the statement for these columns (number, effective, source) of all that match, in no order.

    For the number alone the items often need not be looked at.
    """
    conditions, branches = walks.plan(store, query, limit=None, by_source="source" in columns)
    return joined_by(" UNION ", [branch.statement(query, conditions, *columns) for branch in branches])


def conditions_on(store: Store, query: ItemQuery) -> list[Sql]:
    """Return everything an item `i` has to fulfil, for statements that walk an index of their own."""
    found = Conditions(store, query)
    return [
        *found.filters(skip=""),
        *found.profile(),
        *found.always(),
        *within("i.effective", query.filters),
    ]
