"""SQL that Django has no lookup for.

`matches` is LIKE with the pattern as it is, `among` and `one_of` are one array of values, `folded` and
`has_tokens` are what matching.py asks for.
"""

import string
from typing import Any

from django.db.models import CharField, Field, ForeignKey, Lookup, Transform

from protocol.plates import fold

CONFUSED = "".join(sign for sign in string.ascii_uppercase + string.digits if fold(sign) != sign)


@CharField.register_lookup
class Matches(Lookup):  # type: ignore[type-arg]
    lookup_name = "matches"
    operator = "LIKE"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} {right}", [*left_parameters, *right_parameters]


@CharField.register_lookup
class Folded(Transform):
    """`plate__folded`: what `protocol.plates.fold` makes of it."""

    lookup_name = "folded"
    template = f"translate(%(expressions)s, '{CONFUSED}', '{fold(CONFUSED)}')"


@Field.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):  # type: ignore[type-arg]
    """`= ANY(array)`: one parameter, however many values."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*parameters, list(self.rhs)]


@CharField.register_lookup
class OneOf(Lookup):  # type: ignore[type-arg]
    """As `among`, for many texts: the planner does not look at them.

    Otherwise it compares each with its statistics, month by month: of 260 plates, that took longer than
    finding their reads.
    """

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(ARRAY(SELECT unnest(%s::varchar[])))", [*parameters, list(self.rhs)]


@CharField.register_lookup
class HasTokens(Lookup):  # type: ignore[type-arg]
    """A folded plate that has all of these tokens (see matching.py)."""

    lookup_name = "has_tokens"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"plate_tokens({left}) @> %s", [*parameters, list(self.rhs)]
