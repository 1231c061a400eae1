"""`plate__matches`: SQL's LIKE with the pattern as it is, for which Django has no lookup of its own."""

from typing import Any

from django.db.models import CharField, Lookup


@CharField.register_lookup
class Matches(Lookup):  # type: ignore[type-arg]
    lookup_name = "matches"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", [*left_parameters, *right_parameters]
