"""Where jobs wait is one setting: Redis as it comes, or RabbitMQ."""

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json
from central_hub.celery import app
connection = app.broker_connection()
print(json.dumps([connection.transport_cls, connection.hostname, connection.virtual_host,
                  app.conf.broker_transport_options]))
"""


def queue(**environment: str) -> list[object]:
    """As a new process understands it."""
    surroundings = {"GTV_DEBUG": "1", "GTV_REDIS_URL": "redis://cache:6379/0", **environment}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=os.environ | surroundings, capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


@pytest.mark.req("S0.2")
def test_jobs_wait_in_redis_or_where_one_setting_says() -> None:
    transport, host, _, options = queue()
    assert (transport, host) == ("redis", "cache") and "socket_timeout" in str(options)
    transport, host, where, options = queue(GTV_CELERY_BROKER_URL="amqp://gtv:s3cret@rabbitmq:5672//")
    assert (transport, host, where) == ("amqp", "rabbitmq", "/")
    assert options == {"connect_timeout": 2}, "what Redis' options are called means nothing there"
