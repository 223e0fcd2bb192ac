//! Statements: every entry of an account in a span, page by page into the answer, so that a long
//! one takes no more memory than a short one.
//!
//! A failure in the middle cuts the answer off: HTTP then tells that it is not whole, and so does
//! the missing end of a JSON array.

mod rows;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use socle_books::read::{Entry, PAGE_MAX, Span};
use socle_kernel::{AccountId, Cx, Day};
use socle_web::{Caller, Path, Problem, Query};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    entries::EntryView,
    fields::{Date, first_day},
};
use crate::{Error, Ledger};
use rows::Form;

pub(super) fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new().routes(routes!(account_statement))
}

/// From when until when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StatementQuery {
    /// The first day; the account's first, without it.
    #[param(value_type = Option<Day>, example = "2025-01-01")]
    from: Option<Date>,
    /// The last day; today, without it.
    #[param(value_type = Option<Day>, example = "2025-12-31")]
    to: Option<Date>,
}

/// Every entry that counts in a span, in the order of time: JSON, or CSV for `Accept: text/csv`.
#[utoipa::path(
    get, path = "/v1/ledger/accounts/{id}/statement",
    params(("id" = AccountId, Path), StatementQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, description = "The statement.", content(
        (Vec<EntryView> = "application/json"), (String = "text/csv"),
    ))),
)]
async fn account_statement(
    State(ledger): State<Ledger>,
    Caller(cx): Caller,
    Path(id): Path<AccountId>,
    Query(of): Query<StatementQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    ledger.account(&cx, id).await?;
    let (form, span) = (Form::accepted(&headers), of.span(&cx)?);
    let kind = HeaderValue::from_static(form.kind());
    let body = Body::from_stream(written(form, pages(ledger, cx, id, span)));
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

impl StatementQuery {
    fn span(&self, cx: &Cx) -> Result<Span, Error> {
        let from = self.from.map_or_else(first_day, |it| it.0);
        let to = self.to.map_or(cx.now.day(), |it| it.0);
        if to < from {
            return Err(Error::SpanBackwards);
        }
        Ok(Span { after: (from.start(), 0), until: to.end() })
    }
}

/// The pages of a span, each read when the one before has been taken.
fn pages(
    ledger: Ledger,
    cx: Cx,
    id: AccountId,
    span: Span,
) -> impl Stream<Item = Result<Vec<Entry>, Error>> {
    stream::try_unfold((Some(span), ledger, cx), move |(span, ledger, cx)| async move {
        let Some(span) = span else { return Ok(None) };
        let page = ledger.entries_within(&cx, id, span).await?;
        let is_full = i64::try_from(page.len()).is_ok_and(|it| it == PAGE_MAX);
        let last = page.last().filter(|_| is_full).map(|it| (it.effective_at, it.seq));
        let next = last.map(|after| Span { after, ..span });
        Ok(Some((page, (next, ledger, cx))))
    })
}

/// The text of all pages. What went wrong is logged, and the reader sees an answer cut off.
fn written(
    form: Form,
    pages: impl Stream<Item = Result<Vec<Entry>, Error>>,
) -> impl Stream<Item = Result<Bytes, &'static str>> {
    let rows = pages.enumerate().map(move |(place, page)| {
        let page = page.map_err(|error| Problem::from(error).code())?;
        Ok(form.page(place == 0, page).into())
    });
    stream::once(async move { Ok(form.head().into()) })
        .chain(rows)
        .chain(stream::once(async move { Ok(form.foot().into()) }))
}
