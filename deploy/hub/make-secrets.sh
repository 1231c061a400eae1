#!/bin/sh
# Makes every secret of docker-compose.hub.yml that is not there yet, each readable by the one user who needs it.
# Run it as root on the server: deploy/hub/make-secrets.sh [FOLDER]. Nothing is ever overwritten.
#
# A file is bind-mounted with the owner it has here, so the owners are the users of the images.
set -eu
umask 077

folder=${1:-$(dirname "$0")/secrets}
templates=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
cd "$folder"

hub=10001 postgres=999 redis=999 minio=0 haproxy=99 grafana=472 rabbitmq=100 nobody=65534

random() { # characters that need no quoting in an URL or a configuration file
    head -c 48 /dev/urandom | base64 | tr -d '+/=\n'
}

# keep FILE OWNER: write standard input into FILE, unless it is there; give it to OWNER.
keep() {
    if [ -e "$1" ]; then
        cat >/dev/null
    else
        cat >"$1"
    fi
    chmod 0400 "$1"
    if [ "$(id -u)" = 0 ]; then chown "$2" "$1"; fi
}

for name in secret_key relay_secret; do
    random | keep "$name" $hub
done
random | keep postgres_password $postgres
random | keep redis_password $hub
random | keep rabbitmq_password $hub
random | keep grafana_password $grafana
# The hub reads these two, and so does MinIO as root without the right to read others' files: by the group.
random | cut -c 1-20 | keep s3_access_key $hub:$minio
random | keep s3_secret_key $hub:$minio
chmod 0440 s3_access_key s3_secret_key
random | keep turn_secret $hub

printf 'postgresql://gtv:%s@postgres:5432/gtv' "$(cat postgres_password)" | keep database_url $hub
printf 'redis://:%s@redis:6379/0' "$(cat redis_password)" | keep redis_url $hub
printf 'amqp://gtv:%s@rabbitmq:5672//' "$(cat rabbitmq_password)" | keep rabbitmq_url $hub
printf 'requirepass %s\nappendonly yes\nappendfsync everysec\ndir /data\nmaxmemory 384mb\nmaxmemory-policy noeviction\n' \
    "$(cat redis_password)" | keep redis.conf $redis
printf 'default_user = gtv\ndefault_pass = %s\n' "$(cat rabbitmq_password)" | keep rabbitmq.conf $rabbitmq

# The rest of it is to be filled in by a person: docs/turn.md.
sed "s/^static-auth-secret=.*/static-auth-secret=$(cat turn_secret)/" "$templates/../../docs/turnserver.conf" |
    keep turnserver.conf $nobody

# Empty until somebody fills them in: no password at the mail server, alerts seen in Alertmanager alone.
printf '' | keep smtp_password $hub
printf 'http://127.0.0.1:9/none' | keep alert_webhook_url $nobody

if [ ! -e tls.pem ]; then
    echo "missing: $(pwd)/tls.pem (certificate with its chain, then the private key; owner $haproxy, mode 0400)" >&2
fi
