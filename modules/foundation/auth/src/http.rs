//! REST: `/v1/auth`. A tenant manages its own keys; tenants come and go by the command line.

mod views;

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use socle_web::{AfterId, Caller, Drawn, Json, Page, Path, Problem, Seen, Tagged, in_force_after};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Entropy, KeyId, Keys, Tenants, app::Ended};
use views::{KeyBody, KeyView, RotationBody, SecretView, TenantView};

/// The routes of keys and tenants.
pub(crate) fn routes(keys: Keys, tenants: Tenants) -> OpenApiRouter {
    let of_keys = OpenApiRouter::new()
        .routes(routes!(list, issue))
        .routes(routes!(find))
        .routes(routes!(rotate))
        .routes(routes!(revoke))
        .with_state(keys);
    let of_tenants = OpenApiRouter::new().routes(routes!(tenant)).with_state(tenants);
    of_keys.merge(of_tenants)
}

/// Issues a key, with no scope that the caller's own has not. Its text is told this once.
///
/// A name is used by one key at a time, so a request that is repeated by mistake is refused.
#[utoipa::path(
    post, path = "/v1/auth/keys", security(("key" = ["auth:keys"])),
    request_body = KeyBody, responses((status = 201, body = SecretView, description = "Issued")),
)]
async fn issue(
    State(keys): State<Keys>,
    Caller(cx): Caller,
    Drawn(bytes): Drawn,
    Json(body): Json<KeyBody>,
) -> Result<(StatusCode, Json<SecretView>), Problem> {
    let issued = keys.issue(&cx, body.try_into()?, Entropy(bytes)).await?;
    Ok((StatusCode::CREATED, Json(issued.into())))
}

/// A page of keys, oldest first; those that have ended too, never their texts.
#[utoipa::path(
    get, path = "/v1/auth/keys", security(("key" = ["auth:keys"])), params(AfterId<KeyId>),
    responses((status = 200, body = Page<KeyView>, description = "A page")),
)]
async fn list(
    State(keys): State<Keys>,
    Caller(cx): Caller,
    page: socle_web::Query<AfterId<KeyId>>,
) -> Result<Json<Page<KeyView>>, Problem> {
    let limit = page.0.limit();
    let found = keys.list(&cx, page.0.after, limit.and_one()).await?;
    Ok(Json(Page::of(found, limit, |it| it.id.to_string(), KeyView::from)))
}

/// One key.
#[utoipa::path(
    get, path = "/v1/auth/keys/{id}", security(("key" = ["auth:keys"])),
    params(("id" = KeyId, Path)),
    responses((status = 200, body = KeyView, description = "The key")),
)]
async fn find(
    State(keys): State<Keys>,
    Caller(cx): Caller,
    Path(id): Path<KeyId>,
    seen: Seen,
) -> Result<Tagged<KeyView>, Problem> {
    Ok(Tagged { seen, body: keys.find(&cx, id).await?.into() })
}

/// Issues another key of the same application; the old one goes on for a while, or ends at once.
#[utoipa::path(
    post, path = "/v1/auth/keys/{id}/rotate", security(("key" = ["auth:keys"])),
    params(("id" = KeyId, Path)), request_body = RotationBody,
    responses((status = 201, body = SecretView, description = "Issued in its place")),
)]
async fn rotate(
    State(keys): State<Keys>,
    Caller(cx): Caller,
    Path(id): Path<KeyId>,
    Drawn(bytes): Drawn,
    Json(body): Json<RotationBody>,
) -> Result<(StatusCode, Json<SecretView>), Problem> {
    let overlap = Duration::from_secs(body.overlap_s.into());
    let Ended { it, effective_in } = keys.rotate(&cx, id, overlap, Entropy(bytes)).await?;
    Ok(in_force_after((StatusCode::CREATED, Json(it.into())), effective_in).await)
}

/// Ends a key. When this answers, no process anywhere honours it any more.
#[utoipa::path(
    post, path = "/v1/auth/keys/{id}/revoke", security(("key" = ["auth:keys"])),
    params(("id" = KeyId, Path)),
    responses((status = 200, body = KeyView, description = "The key, which has ended")),
)]
async fn revoke(
    State(keys): State<Keys>,
    Caller(cx): Caller,
    Path(id): Path<KeyId>,
) -> Result<Json<KeyView>, Problem> {
    let Ended { it, effective_in } = keys.revoke(&cx, id).await?;
    Ok(in_force_after(Json(it.into()), effective_in).await)
}

/// The tenant that the key belongs to.
#[utoipa::path(
    get, path = "/v1/auth/tenant", security(("key" = [])),
    responses((status = 200, body = TenantView, description = "The tenant")),
)]
async fn tenant(
    State(tenants): State<Tenants>,
    Caller(cx): Caller,
) -> Result<Json<TenantView>, Problem> {
    Ok(Json(tenants.own(&cx).await?.into()))
}
