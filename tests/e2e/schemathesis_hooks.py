"""Values that Schemathesis cannot know: sessions and keys of the test, and texts in the filter language."""

import os

import schemathesis
from hypothesis import strategies

SESSIONS = os.environ["MIRRORD_TEST_SESSIONS"].split(",")
KEYS = os.environ["MIRRORD_TEST_KEYS"].split(",")
FILTERS = [
    "outcome:failed",
    "type:file path:/etc",
    "-op:stat (host:db | port:5432)",
    "tree:1",
    "path:*.json",
    'path:="/etc/hostname"',
    "node",
]

schemathesis.openapi.format("mirrord-session-id", strategies.sampled_from([*SESSIONS, "none"]))
schemathesis.openapi.format("mirrord-key", strategies.sampled_from([*KEYS, "none"]))
schemathesis.openapi.format("mirrord-cursor", strategies.sampled_from(["", "odd:3", "odd:99,gone:1"]))
schemathesis.openapi.format("mirrord-filter", strategies.sampled_from(FILTERS))
