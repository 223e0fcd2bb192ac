"""What schemathesis has to know about Socle beyond its description."""

import uuid

import schemathesis
from schemathesis.generation import GenerationMode

# Rules of single values that a schema of OpenAPI cannot say: a refusal may name them.
BEYOND_SCHEMAS = {
    "a time is of the years 1900 to 2199",
    "no currency of ISO 4217 has this code",
    "a day reads 1998-06-30, a point in time 1998-06-30T12:00:00Z",
}


def is_positive(case):
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


def whole(value):
    """JSON Schema takes 1.0 for an integer; Socle, which counts money, does not."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(it) for name, it in value.items()}
    if isinstance(value, list):
        return [whole(it) for it in value]
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each request has a name of its own, or all but the first would be repetitions."""
    if not is_positive(case):
        return
    case.body = whole(case.body)
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.check
def data_that_fits_is_read(ctx, response, case):
    """What the schema admits is never refused as unreadable.

    The built-in check wants a 2xx, which rules between values, such as that the legs of a
    transaction sum to zero, do not let it get.
    """
    if not is_positive(case):
        return
    if response.status_code not in (400, 422):
        return
    problem = response.json()
    details = {it["detail"] for it in problem.get("errors", [])}
    if problem["code"].startswith("web.") and not details <= BEYOND_SCHEMAS:
        raise AssertionError(f"{problem['code']}: {sorted(details)}")
