//! What a person sees who opens the server in a browser: what this is, and what its codes mean.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use socle_web::{Path, Problem, Refusal};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{Catalogue, host::Shown};

const STYLE: &str = include_str!("pages.css");

/// Pages load nothing from anywhere, and run nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The documentation runs scripts, ours alone, and calls this server alone.
const POLICY_OF_DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' \
                              'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                              connect-src 'self'; base-uri 'none'; form-action 'none'; \
                              frame-ancestors 'none'";

/// The documentation of `document`, to read and to try.
pub(crate) fn docs(document: Value) -> Router {
    // Without the name of nobody it would have the document checked by a server elsewhere.
    let config = Config::from("/openapi.json").validator_url("none");
    let docs = SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", document);
    let policy = map_response(async |mut response: Response| {
        let policy = HeaderValue::from_static(POLICY_OF_DOCS);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    });
    Router::from(docs.config(config)).layer(policy)
}

/// `GET /`.
pub(crate) async fn welcome(State(shown): State<Shown>) -> Response {
    let body = html! {
        header {
            p.mark { "Socle" }
            h1 { "Books for systems that move value" }
            p.lead {
                "Points, gift cards, money, stock, tokens: double-entry, in PostgreSQL, over HTTP. "
                "This server runs " (shown.modules.len()) " modules: "
                (shown.modules.join(", ")) "."
            }
        }
        section {
            h2 { "Three commands" }
            p { "A key comes from " code { "socle key issue" } ". Put it into a variable, and paste:" }
            @for command in commands(&shown.address) {
                pre tabindex="0" { code { (command) } }
            }
        }
        nav {
            a href="/docs/" { "Every route, to read and to try" }
            a href="/openapi.json" { "openapi.json" }
            a href="/asyncapi.json" { "asyncapi.json" }
            a href="/problems" { "What error codes mean" }
            a href="/health" { "health" }
            a href="/metrics" { "metrics" }
        }
    };
    page("Socle", &body)
}

fn commands(address: &str) -> [String; 3] {
    [
        format!(
            "curl -H \"Authorization: Bearer $SOCLE_KEY\" http://{address}/v1/ledger/programmes"
        ),
        format!(
            "curl -H \"Authorization: Bearer $SOCLE_KEY\" -H 'Content-Type: application/json' \\\n  \
             -H 'Idempotency-Key: order-1001-paid' \\\n  \
             -d '{{\"customer\":\"demo-alice\",\"purchase\":\"order-1001\",\
             \"amount\":2933,\"currency\":\"USD\"}}' \\\n  http://{address}/v1/ledger/earn"
        ),
        format!(
            "curl -H \"Authorization: Bearer $SOCLE_KEY\" \\\n  \
             'http://{address}/v1/ledger/balance?customer=demo-alice'"
        ),
    ]
}

/// `GET /problems`: every code.
pub(crate) async fn problems(State(shown): State<Shown>) -> Response {
    let body = html! {
        header { p.mark { a href="/" { "Socle" } } h1 { "What error codes mean" } }
        (table(&shown.catalogue))
    };
    page("Error codes", &body)
}

fn table(catalogue: &Catalogue) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Code" } th scope="col" { "Status" } th scope="col" { "Says" } } }
            tbody {
                @for it in catalogue.codes() {
                    tr id=(it.code) {
                        td { a href={ "/problems/" (it.code) } { code { (it.code) } } }
                        td { (it.status.as_u16()) }
                        td { (it.says) }
                    }
                }
            }
        }
    }
}

/// `GET /problems/{code}`: what the `type` of a problem document points to.
pub(crate) async fn problem(
    State(shown): State<Shown>,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let found = shown.catalogue.find(&code).ok_or(Refusal::NothingOfThatName)?;
    let body = html! {
        header { p.mark { a href="/problems" { "Error codes" } } h1 { code { (found.code) } } }
        p.lead { (found.says) }
        p { "Status " (found.status.as_u16()) "." }
    };
    Ok(page(&found.code, &body))
}

fn page(title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    let policy = HeaderValue::from_static(POLICY);
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page.into_string())).into_response()
}
