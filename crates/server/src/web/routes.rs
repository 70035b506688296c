//! Every page in one table: where it is, whom it is for, and what answers.

use axum::Router;
use axum::routing::{get, post};
use chandlery_domain::access::Action;

use super::{
    account, activity, applications, approvals, authorize, benefit, benefit_plan, billing, brand, cancel,
    cart, company, customer, customers, device, documents, give_back, help, home, line_files, notifications,
    operator, orders, portal, products, recovery, requests, reservations, settings, sign_in, software,
    subscriptions, support, tax_details, users, webhooks,
};
use crate::api::Api;

/// Pages as rows: method, path, the action a reader needs (`Anybody` where it depends on the session alone) and what answers.
/// The router and the list in `permissions.txt` are both made from it.
macro_rules! pages {
    ($($method:ident $path:literal $action:ident $handler:path;)*) => {
        /// The routes of the pages, and whom each is for. `permissions.txt` lists them.
        pub const PAGES: &[(&str, &str, Option<Action>)] =
            &[$((stringify!($method), $path, pages!(@action $action)),)*];

        /// What answers at each of them.
        pub(super) fn routes() -> Router<Api> {
            Router::new()$(.route($path, pages!(@method $method)($handler)))*
        }
    };
    (@method GET) => { get };
    (@method POST) => { post };
    (@action Anybody) => { None };
    (@action $action:ident) => { Some(Action::$action) };
}

pages! {
    GET "/" Anybody home::home;
    GET "/search" ListCustomers home::search;
    GET "/company" ReadPartnerProfiles company::show;
    POST "/company/contact" EditPartnerProfiles company::contact;
    POST "/company/support" EditPartnerProfiles company::support;
    GET "/company/look" EditPartnerProfiles brand::of_partner;
    POST "/company/look" EditPartnerProfiles brand::save_partner;
    GET "/company/tax" ManageTaxProfile tax_details::of_partner;
    POST "/company/tax" ManageTaxProfile tax_details::save_partner;
    GET "/operator/seller" ManageBilling tax_details::of_seller;
    POST "/operator/seller" ManageBilling tax_details::save_seller;
    GET "/operator/billing" ManageBilling operator::billing::show;
    POST "/operator/billing" ManageBilling operator::billing::start;
    GET "/operator/billing/runs/{run}" ManageBilling operator::billing::watch;
    GET "/operator/close" ManageBilling operator::close::show;
    POST "/operator/close" ManageBilling operator::close::start;
    GET "/operator/close/runs/{run}" ManageBilling operator::close::watch;
    POST "/operator/close/explain" ManageBilling operator::close::explain;
    POST "/operator/close/reopen" ManageBilling operator::close::reopen;
    POST "/operator/close/vendor" ManageBilling operator::close::drop_vendor;
    POST "/operator/close/{month}/vendor" ManageBilling operator::close::vendor;
    GET "/operator/payments" ManageBilling operator::payments::show;
    POST "/operator/payments" ManageBilling operator::payments::enter;
    POST "/operator/payments/statements" ManageBilling operator::payments::statement;
    POST "/operator/payments/recognised" ManageBilling operator::payments::recognised;
    POST "/operator/payments/rows" ManageBilling operator::payments::sort;
    POST "/operator/payments/take-back" ManageBilling operator::payments::take_back;
    GET "/operator/look" ManageInstallation brand::of_operator;
    POST "/operator/look" ManageInstallation brand::save_operator;
    POST "/operator/look/logo" ManageInstallation operator::logo::choose;
    POST "/operator/look/logo/remove" ManageInstallation operator::logo::remove;
    GET "/operator/look/logo.png" ManageInstallation operator::logo::picture;
    GET "/help/{topic}" Anybody help::show;
    GET "/activity" ReadAuditLog activity::list;
    GET "/activity/export/{format}" ReadAuditLog activity::export;
    GET "/own-activity" ReadOwnLog activity::own;
    GET "/agreement" AcceptInvitation portal::agreement;
    POST "/agreement" AcceptInvitation portal::accept;
    GET "/customers/{customer}/activity" ReadAuditLog activity::of_customer;
    GET "/customers/{customer}/billing" ReadOrders billing::show;
    GET "/customers/{customer}/reservations" ReadEntitlements reservations::list;
    POST "/customers/{customer}/reservations/azure" PlaceReservations reservations::add_azure;
    POST "/customers/{customer}/reservations/azure/{subscription}" PlaceReservations reservations::change_azure;
    POST "/customers/{customer}/reservations/merge" ManageReservations reservations::merge;
    POST "/customers/{customer}/reservations/{reservation}" ManageReservations reservations::change;
    POST "/customers/{customer}/reservations/{reservation}/split" ManageReservations reservations::split;
    GET "/customers/{customer}/reservations/{reservation}/give-back" ManageReservations give_back::show;
    POST "/customers/{customer}/reservations/{reservation}/give-back" ManageReservations give_back::submit;
    GET "/sign-in" Anybody sign_in::show;
    POST "/sign-in" Anybody sign_in::password;
    GET "/portal/{partner}" Anybody sign_in::portal;
    GET "/sign-in/with/{provider}" Anybody sign_in::elsewhere;
    GET "/sign-in/callback" Anybody sign_in::callback;
    GET "/second-factor" Anybody sign_in::second_factor;
    POST "/sign-in/code" Anybody sign_in::code;
    POST "/sign-in/recovery" Anybody sign_in::recovery;
    POST "/sign-in/passkey" Anybody sign_in::passkey;
    POST "/sign-in/passkey/challenge" Anybody sign_in::passkey_challenge;
    GET "/second-factor/totp" Anybody sign_in::authenticator;
    POST "/second-factor/totp" Anybody sign_in::confirm_authenticator;
    GET "/password" Anybody sign_in::new_password;
    POST "/password" Anybody sign_in::change_password;
    GET "/forgot" Anybody recovery::forgot;
    POST "/forgot" Anybody recovery::send;
    GET "/reset" Anybody recovery::reset;
    POST "/reset" Anybody recovery::set;
    GET "/invitation" Anybody recovery::invitation;
    GET "/set-up" Anybody recovery::set_up;
    POST "/set-up" Anybody recovery::first;
    GET "/account" Anybody account::show;
    POST "/account/passkeys/challenge" Anybody account::passkey_challenge;
    POST "/account/passkeys" Anybody account::add_passkey;
    POST "/account/passkeys/remove" Anybody account::remove_passkey;
    POST "/account/recovery" Anybody account::recovery_codes;
    POST "/account/sessions/end" Anybody account::end_session;
    POST "/account/sessions/end-all" Anybody account::end_all;
    POST "/account/grants/revoke" Anybody account::revoke_grant;
    POST "/sign-out" Anybody account::sign_out;
    POST "/language" Anybody settings::language;
    GET "/settings" Anybody settings::show;
    POST "/settings" Anybody settings::save;
    GET "/notifications" Anybody notifications::list;
    POST "/notifications/read" Anybody notifications::read_all;
    POST "/notifications/{notice}/open" Anybody notifications::open;
    GET "/device" Anybody device::show;
    POST "/device" Anybody device::answer;
    GET "/{tenant}/oauth2/authorize" Anybody authorize::authorize;
    GET "/{tenant}/oauth2/v2.0/authorize" Anybody authorize::authorize;
    GET "/customers" ListCustomers customers::list;
    GET "/customers/{customer}/orders" ReadOrders orders::list;
    GET "/customers/{customer}/orders/{order}" ReadOrders orders::show;
    GET "/customers/{customer}/orders/{order}/cancelled" ReadOrders cancel::confirmation;
    GET "/customers/{customer}/subscriptions" ReadOrders subscriptions::list;
    POST "/customers/{customer}/subscriptions/{subscription}" ManageSubscription subscriptions::change;
    GET "/billing" ReadInvoices documents::list;
    GET "/billing/{number}" ReadInvoices documents::show;
    GET "/billing/{number}/lines.csv" ReadInvoices line_files::csv;
    GET "/billing/{number}/lines.csv.sha256" ReadInvoices line_files::csv_sum;
    GET "/billing/{number}/lines.jsonl" ReadInvoices line_files::json;
    GET "/billing/{number}/lines.jsonl.sha256" ReadInvoices line_files::json_sum;
    GET "/billing/{number}/documents/{form}" ReadInvoices documents::paper;
    GET "/renewals" ReadOrders subscriptions::renewals;
    POST "/renewals/feed" ReadOrders subscriptions::feed;
    GET "/customers/{customer}/software" ReadEntitlements software::list;
    GET "/customers/{customer}/software/{order}/{line}/cancel" CancelPurchase cancel::show;
    POST "/customers/{customer}/software/{order}/{line}/cancel" CancelPurchase cancel::submit;
    POST "/customers/{customer}/software/{order}/{line}/cancel/withdraw" CancelPurchase cancel::withdraw;
    GET "/customers/{customer}/software/{order}/{line}" ReadEntitlements software::show;
    POST "/customers/{customer}/software/{order}/{line}/key" RevealKey software::key;
    POST "/customers/{customer}/software/{order}/{line}/link" IssueLink software::link;
    POST "/customers/{customer}/software/{order}/{line}/download" IssueLink software::download;
    GET "/software" SeeOwnSoftware software::list;
    GET "/software/{order}/{line}" SeeOwnSoftware software::show;
    POST "/software/{order}/{line}/key" OpenOwnKeys software::key;
    POST "/software/{order}/{line}/link" OpenOwnKeys software::link;
    POST "/software/{order}/{line}/download" OpenOwnKeys software::download;
    GET "/key-approvals" RevealKey approvals::questions;
    POST "/key-approvals/{question}" RevealKey approvals::approve;
    GET "/customers/export" ListCustomers customers::export;
    GET "/customers/new" CreateCustomer customers::fresh;
    POST "/customers/new" CreateCustomer customers::add;
    GET "/customers/{customer}" ReadCustomer customer::overview;
    GET "/customers/{customer}/account" ReadCustomer customer::account;
    POST "/customers/{customer}/agreement" AttestAgreement customer::agreement;
    POST "/customers/{customer}/billing" EditCustomer customer::billing;
    POST "/customers/{customer}/tags" EditCustomer customer::tags;
    GET "/customers/{customer}/products" FillCart products::list;
    GET "/customers/{customer}/benefit" ReadOrders benefit::show;
    POST "/customers/{customer}/benefit/plan" ReadOrders benefit_plan::plan;
    POST "/customers/{customer}/benefit/record" ManageSubscription benefit_plan::record;
    POST "/customers/{customer}/benefit/licences" ManageSubscription benefit::declare;
    POST "/customers/{customer}/benefit/licences/{licences}/withdraw" ManageSubscription benefit::withdraw;
    POST "/customers/{customer}/benefit/premises" ManageSubscription benefit::premises;
    POST "/customers/{customer}/benefit/uses/{use}/end" ManageSubscription benefit::end;
    GET "/customers/{customer}/cart" FillCart cart::show;
    POST "/customers/{customer}/cart" FillCart cart::save;
    POST "/customers/{customer}/products" FillCart products::add;
    POST "/customers/{customer}/cart/buy" FillCart cart::buy;
    GET "/customers/{customer}/cart/{cart}" FillCart cart::bought;
    GET "/users" Anybody users::list;
    POST "/users" Anybody users::add;
    GET "/users/new" Anybody users::fresh;
    GET "/users/{user}" Anybody users::show;
    POST "/users/{user}" Anybody users::change;
    POST "/users/{user}/reset-password" Anybody users::reset_password;
    POST "/users/{user}/reset-second-factor" Anybody users::reset_second_factor;
    POST "/users/{user}/disable" Anybody users::disable;
    POST "/users/{user}/enable" Anybody users::enable;
    GET "/customers/{customer}/users" ReadCustomerUsers users::list;
    POST "/customers/{customer}/users" ManageCustomerUsers users::add;
    GET "/customers/{customer}/users/new" ManageCustomerUsers users::fresh;
    GET "/customers/{customer}/users/{user}" ManageCustomerUsers users::show;
    POST "/customers/{customer}/users/{user}" ManageCustomerUsers users::change;
    POST "/customers/{customer}/users/{user}/reset-password" ManageCustomerUsers users::reset_password;
    POST "/customers/{customer}/users/{user}/reset-second-factor" ManageCustomerUsers users::reset_second_factor;
    POST "/customers/{customer}/users/{user}/disable" ManageCustomerUsers users::disable;
    POST "/customers/{customer}/users/{user}/enable" ManageCustomerUsers users::enable;
    GET "/applications" ManageApplications applications::list;
    POST "/applications" ManageApplications applications::add;
    POST "/applications/{application}/secrets" ManageApplications applications::add_secret;
    POST "/applications/{application}/keys" ManageApplications applications::add_key;
    POST "/applications/{application}/credentials/remove" ManageApplications applications::remove_credential;
    POST "/applications/{application}/revoke" ManageApplications applications::revoke;
    GET "/webhooks" ManageWebhooks webhooks::show;
    POST "/webhooks" ManageWebhooks webhooks::save;
    POST "/webhooks/remove" ManageWebhooks webhooks::remove;
    POST "/webhooks/test" ManageWebhooks webhooks::test;
    POST "/webhooks/calls/{call}/again" ManageWebhooks webhooks::again;
    GET "/support" RaiseRequest support::list;
    GET "/support/new" RaiseRequest support::fresh;
    POST "/support/new" RaiseRequest support::add;
    GET "/support/{request}" RaiseRequest support::show;
    POST "/support/{request}" RaiseRequest support::say;
    GET "/support/{request}/files/{file}" RaiseRequest support::file;
    GET "/operator/requests" AnswerRequests requests::list;
    GET "/operator/requests/{partner}/{request}" AnswerRequests requests::show;
    POST "/operator/requests/{partner}/{request}" AnswerRequests requests::say;
    POST "/operator/requests/{partner}/{request}/activations" AnswerRequests requests::activations;
    GET "/operator/requests/{partner}/{request}/credit" DecideCredit requests::credit_form;
    POST "/operator/requests/{partner}/{request}/credit" DecideCredit requests::credit;
    GET "/operator/requests/{partner}/{request}/files/{file}" AnswerRequests requests::file;
    GET "/operator" Anybody operator::home;
    GET "/operator/partners" ReadPartners operator::partners::list;
    GET "/operator/partners/new" ManagePartners operator::partners::fresh;
    POST "/operator/partners/new" ManagePartners operator::partners::add;
    GET "/operator/partners/{partner}" ReadPartners operator::partners::show;
    POST "/operator/partners/{partner}/state" ManagePartners operator::partners::state;
    POST "/operator/partners/{partner}/late" ManageBilling operator::partners::late;
    POST "/operator/partners/{partner}/credit" ManageBilling operator::partners::credit;
    POST "/operator/partners/{partner}/admin" ManagePartners operator::partners::admin;
    GET "/operator/catalog" ReadHealth operator::catalog::list;
    POST "/operator/catalog/sheets" ManageCatalog operator::catalog::upload;
    GET "/operator/catalog/sheets/{sheet}" ManageCatalog operator::catalog::sheet;
    POST "/operator/catalog/sheets/{sheet}/apply" ManageCatalog operator::imports::apply;
    GET "/operator/catalog/sheets/{sheet}/import" ManageCatalog operator::imports::watch;
    GET "/operator/policies" ReadHealth operator::policies::show;
    POST "/operator/policies/caps" ManageInstallation operator::policies::cap;
    POST "/operator/policies" ManageInstallation operator::policies::switch;
    GET "/operator/policies/plan" ReadHealth operator::planned::show;
    POST "/operator/policies/plan" ManageInstallation operator::planned::put_down;
    POST "/operator/policies/plan/take-back" ManageInstallation operator::planned::take_back;
    GET "/operator/policies/markets" ReadHealth operator::policies::list_markets;
    GET "/operator/policies/blocks" ReadHealth operator::policies::blocks;
    POST "/operator/policies/blocks" ManageInstallation operator::policies::add_block;
    POST "/operator/policies/blocks/end" ManageInstallation operator::policies::end_block;
    GET "/operator/stock" ReadHealth operator::stock::list;
    POST "/operator/stock/keys" ManageCatalog operator::stock::keys;
    GET "/operator/stock/keys/{import}" ManageCatalog operator::stock::watch;
    GET "/operator/stock/{product}" ReadHealth operator::stock::product;
    POST "/operator/stock/{product}/alarm" ManageCatalog operator::stock::alarm;
    GET "/operator/jobs" ReadHealth operator::jobs::list;
    POST "/operator/jobs/retry" ManageJobs operator::jobs::retry;
    POST "/operator/jobs/give-up" ManageJobs operator::jobs::give_up;
    GET "/operator/health" ReadHealth operator::health::show;
}
