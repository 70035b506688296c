"""Drives the practice twin with `partnercenterservices`, a client generated from the published interface.

Called with the line of JSON that `chandlery demo --json` prints. The library returns None for refusals instead of
raising, so every call looks at the raw status.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys
import time
import uuid
import warnings

warnings.filterwarnings("ignore")

import requests  # noqa: E402
from msrest.authentication import BasicTokenAuthentication  # noqa: E402
from microsoft.store.partnercenterservices import MicrosoftPartnerStoreApis, models  # noqa: E402

# The library takes the first administrator's password for an object; the real service answers with a text.
models.MicrosoftPartnerSdkContractsV1UserCredentials._attribute_map["password"]["type"] = "str"

TWIN = json.loads(sys.argv[1])
VERSION = "1"


def model(name, **fields):
    return getattr(models, "MicrosoftPartnerSdkContractsV1" + name)(**fields)


def client(token):
    made = MicrosoftPartnerStoreApis(BasicTokenAuthentication({"access_token": token}), base_url=TWIN["api"])
    made.config.retry_policy.retries = 0
    return made


def call(operation, *arguments, status=(200, 201), **more):
    answer = operation(
        *arguments, raw=True, ms_correlation_id=str(uuid.uuid4()), ms_request_id=str(uuid.uuid4()), **more
    )
    assert answer.response.status_code in status, (
        answer.response.request.method,
        answer.response.request.url,
        answer.response.status_code,
        answer.response.text,
    )
    return answer.output


def one_time_code(secret):
    """The code an authenticator shows (RFC 6238)."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def browser():
    made = requests.Session()
    made.trust_env = False
    made.headers["Origin"] = TWIN["api"]
    return made


session = browser()
program = {"client_id": TWIN["client_id"], "client_secret": TWIN["client_secret"]}

# A program for itself: what needs a person refuses it, the rest does not.
form = program | {"grant_type": "client_credentials", "resource": "https://graph.windows.net"}
alone = client(session.post(TWIN["token_url"], data=form, timeout=30).json()["access_token"])
own_customer = next(customer["id"] for customer in TWIN["customers"] if customer["partner_id"] == TWIN["tenant"])
call(alone.getvversioncustomerscustomer.id, own_customer, VERSION)
call(alone.getvversioncustomerscustomer.idprofilescompany, own_customer, VERSION, status=(403,))

# A program for a person, by device code: the person signs in with password and second factor and says yes.
agent = next(user for user in TWIN["users"] if user["role"] == "admin_agent" and user["partner_id"] == TWIN["tenant"])
device_url = TWIN["token_url"].replace("/token", "/devicecode")
device = session.post(device_url, data={"client_id": TWIN["client_id"]}, timeout=30).json()
poll = program | {"grant_type": "device_code", "code": device["device_code"], "resource": "https://graph.windows.net"}
assert session.post(TWIN["token_url"], data=poll, timeout=30).json()["error"] == "authorization_pending"
person = browser()
page = person.post(TWIN["api"] + "/sign-in", data={"upn": agent["upn"], "password": agent["password"]}, timeout=30)
assert "/second-factor" in page.url, page.url
page = person.post(TWIN["api"] + "/sign-in/code", data={"code": one_time_code(agent["totp_secret"])}, timeout=30)
assert page.url.endswith("/account"), page.url
answer = {"code": device["user_code"], "decision": "allow"}
assert person.post(TWIN["api"] + "/device", data=answer, timeout=30).status_code == 200
tokens = session.post(TWIN["token_url"], data=poll, timeout=30).json()
refresh = program | {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
token = session.post(TWIN["token_url"], data=refresh, timeout=30).json()["access_token"]
sdk = client(token)
get, post = sdk.getvversioncustomerscustomer, sdk.postvversioncustomerscustomer
put, patch = sdk.putvversioncustomerscustomer, sdk.patchvversioncustomerscustomer
find = sdk.getvversioncustomersfilterfilter.value

# A token that is not ours opens nothing.
call(client("not-a-token").getvversioncustomersfilterfilter.value, VERSION, status=(401,))

# Customers: list, create, read, filter, profiles.
own = [customer for customer in TWIN["customers"] if customer["partner_id"] == TWIN["tenant"]]
assert len(call(find, VERSION, size=500).items) == len(own)
name = "Client Library " + uuid.uuid4().hex[:8]
address = model(
    "Address", country="US", city="Redmond", state="WA", address_line1="1 Road", postal_code="98052", phone_number="1"
)
created = call(
    sdk.postvversioncustomers,
    model(
        "Customer",
        company_profile=model("CustomerCompanyProfile", domain="lib" + uuid.uuid4().hex[:12], company_name=name),
        billing_profile=model(
            "CustomerBillingProfile",
            culture="EN-US",
            language="En",
            email="ada@example.com",
            company_name=name,
            first_name="Ada",
            last_name="Lovelace",
            default_address=address,
        ),
    ),
    VERSION,
)
assert created.attributes.object_type == "Customer" and created.user_credentials.password
assert call(get.id, created.id, VERSION).company_profile.company_name == name
wanted = json.dumps({"Field": "CompanyName", "Value": name, "Operator": "starts_with"})
assert [customer.id for customer in call(find, VERSION, size=500, filter=wanted).items] == [created.id]
call(get.id, str(uuid.uuid4()), VERSION, status=(404,))
profile = call(get.idprofilesbilling, created.id, VERSION)
profile.first_name = "Grace"
headers = {"If-Match": '"%s"' % profile.attributes.etag}
assert call(put.idprofilesbilling, created.id, profile, VERSION, custom_headers=headers).first_name == "Grace"
assert call(get.idprofilescompany, created.id, VERSION).company_name == name

# Orders: place, list, read, cancel.
customer = next(customer for customer in own if customer["country"] == "US")["id"]
item = next(product for product in TWIN["products"] if product["title"].startswith("Windows Server CAL - 1 Device"))
item = item["catalogItemId"]


def order(friendly_name):
    line = model("OrderLineItem", line_item_number=0, offer_id=item, quantity=2, friendly_name=friendly_name)
    placed = call(
        post.idorders,
        customer,
        model("Order", reference_customer_id=customer, billing_cycle="one_time", currency_code="USD", line_items=[line]),
        VERSION,
    )
    assert placed.reference_customer_id == customer and placed.creation_date.year == 2020
    assert placed.line_items[0].quantity == 2 and placed.attributes.object_type == "Order"
    return placed


def fulfilled(identifier):
    for _ in range(200):
        found = call(get.id5, customer, identifier, VERSION)
        if found.status == "completed":
            return found
    raise AssertionError("the order was not fulfilled")


first, second = order("first"), order("second")
assert {first.id, second.id} <= {found.id for found in call(get.value7, customer, VERSION).items}
first, second = fulfilled(first.id), fulfilled(second.id)
call(get.id5, customer, "no-such-order", VERSION, status=(404,))
base = "%s/v1/customers/%s/orders/%s" % (TWIN["api"], customer, first.id)
status = session.get(base + "/provisioningstatus", headers={"Authorization": "Bearer " + token}, timeout=30).json()
assert status["items"][0]["status"] == "Fulfilled", status

# Subscriptions: list, read, rename, renew, cancel.
found = call(get.value9, customer, VERSION, order_id=second.id).items
assert [subscription.order_id for subscription in found] == [second.id]
identifier = found[0].id
subscription = call(get.id6, customer, identifier, VERSION)
assert subscription.status == "active" and subscription.quantity == 2 and subscription.commitment_end_date.year >= 2021
assert call(get.idprovisioningstatus, customer, identifier, VERSION).quantity == 2
renamed = call(patch.id4, customer, identifier, model("Subscription", id=identifier, friendly_name="renamed"), VERSION)
assert renamed.friendly_name == "renamed"
renamed.auto_renew_enabled = True
assert call(patch.id4, customer, identifier, renamed, VERSION).auto_renew_enabled is True
gone = call(patch.id4, customer, identifier, model("Subscription", id=identifier, status="deleted"), VERSION)
assert gone.status == "deleted"
assert call(get.id6, customer, identifier, VERSION).status == "deleted"

cancelled = call(patch.id3, customer, first.id, model("Order", id=first.id, status="cancelled"), VERSION)
assert cancelled.status == "cancelled"
assert call(get.id5, customer, second.id, VERSION).status == "cancelled"
call(patch.id3, customer, first.id, model("Order", id=first.id, status="cancelled"), VERSION, status=(400,))
print("the client library created a customer, bought twice and gave both back")
