//! The logo that the operator's documents carry: chosen from a file, looked at, taken away.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chandlery_documents::{Look, NoLogo};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_store::logos;
use tokio::sync::Semaphore;

use super::{NotTaken, receive, to};
use crate::api::{Api, Caller};
use crate::error::{Error, Missing};
use crate::texts::Reader;
use crate::web::brand;
use crate::web::entered::Entered;
use crate::web::fields::Most;
use crate::web::{Asked, failed};

const HERE: &str = "/operator/look";
/// One picture at a time: while it is read it takes a hundred times its file.
static READING: Semaphore = Semaphore::const_new(1);

/// How large the file of a picture may be.
pub(in crate::web) fn most(reader: &Reader) -> Most {
    Most::of(reader, Look::LOGO_BYTES_MAX)
}

fn attempted(own: &Entered) -> Entry {
    Entry::did(Operation::UpdateCompanyInfo, Resource::Partner, own.scope.partner())
}

/// `POST /operator/look/logo`: takes a picture as the logo.
pub(in crate::web) async fn choose(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let own = match Entered::unread(api, &caller, &headers, Action::ManageInstallation, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut file = Vec::new();
    if let Err(why) = receive(&own.api, request, Look::LOGO_BYTES_MAX, &mut file).await {
        if matches!(why, NotTaken::TooLarge) {
            let fault = own.reader.t1("logo-too-large", "most", most(&own.reader).shown);
            return brand::with_fault(&own, fault).await;
        }
        return match why.told(&own.reader, Look::LOGO_BYTES_MAX) {
            Ok(fault) => brand::with_fault(&own, fault).await,
            Err(error) => failed(&own.api, &error),
        };
    }
    let Ok(turn) = READING.acquire().await else {
        return failed(&own.api, &Error::internal("nobody reads pictures any more"));
    };
    // The turn ends with the reading, whether or not anybody waits for it.
    let read = tokio::task::spawn_blocking(move || {
        let read = chandlery_documents::logo(&file);
        drop(turn);
        read
    });
    let picture = match read.await {
        Ok(Ok(picture)) => picture,
        Ok(Err(why)) => {
            let fault = match why {
                NoLogo::Format => own.reader.t("logo-no-picture"),
                NoLogo::TooLarge => own.reader.t1("logo-too-many-pixels", "most", Look::LOGO_PIXELS_MAX),
                NoLogo::Broken => own.reader.t("logo-broken"),
            };
            return brand::with_fault(&own, fault).await;
        }
        Err(error) => return failed(&own.api, &Error::internal(error)),
    };
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &picture);
    let digest = hex::encode(digest.as_ref());
    let (scope, entry) = (own.scope, attempted(&own));
    let done = own.act(entry.clone(), move |tx, _| {
        logos::set(tx, &scope, &picture, &digest)?;
        Ok(((), entry.clone().with(vec![Fact::new("logo", &digest)])))
    });
    match done.await {
        Ok(()) => to(&format!("{HERE}?done=logo")),
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/look/logo/remove`: documents carry the name again.
pub(in crate::web) async fn remove(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let (scope, entry) = (own.scope, attempted(&own));
    let done = own.act(entry.clone(), move |tx, _| {
        let Some(digest) = logos::digest(tx, scope.partner())? else {
            return Err(Error::NotFound(Missing::Other("logo")));
        };
        logos::remove(tx, &scope)?;
        Ok(((), entry.clone().with(vec![Fact::new("logo_removed", digest)])))
    });
    match done.await {
        Ok(()) | Err(Error::NotFound(_)) => to(&format!("{HERE}?done=no-logo")),
        Err(error) => failed(&own.api, &error),
    }
}

/// `GET /operator/look/logo.png`: the logo as it is kept.
pub(in crate::web) async fn picture(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let scope = own.scope;
    match own.read(move |tx| Ok(logos::picture(tx, scope.partner())?)).await {
        Ok(Some(picture)) => {
            let headers = [
                (header::CONTENT_TYPE, "image/png"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CACHE_CONTROL, "private, max-age=86400"),
            ];
            (StatusCode::OK, headers, picture).into_response()
        }
        Ok(None) => failed(&own.api, &Error::NotFound(Missing::Other("logo"))),
        Err(error) => failed(&own.api, &error),
    }
}
