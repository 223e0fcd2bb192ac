#!/bin/sh
# Gives points for a purchase, looks at the balance, spends some, and gives money back.
set -eu
: "${SOCLE_URL:?where Socle is, such as http://127.0.0.1:8080}" "${SOCLE_KEY:?a key, sk_...}"

call() { # VERB PATH NAME BODY: the name makes sending the same request again harmless
    curl --fail-with-body --silent --show-error --retry 3 --request "$1" "$SOCLE_URL/v1/ledger/$2" \
        --header "Authorization: Bearer $SOCLE_KEY" --header "Content-Type: application/json" \
        ${3:+--header "Idempotency-Key: $3"} ${4:+--data "$4"}
    echo
}

order="order-$(date +%s)-$$"
call POST earn "$order-paid" \
    "{\"customer\": \"$order\", \"purchase\": \"$order\", \"amount\": 2933, \"currency\": \"USD\"}"
call GET "balance?customer=$order" "" ""
call POST burn "$order-coffee" "{\"customer\": \"$order\", \"points\": 20}"
call POST refund "$order-back" "{\"purchase\": \"$order\", \"amount\": 500, \"currency\": \"USD\"}"
call GET "balance?customer=$order" "" ""
