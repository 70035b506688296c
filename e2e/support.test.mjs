// Requests for support, and notifications (SEED-64, SEED-70 to SEED-76).

import { test } from "node:test";

test.todo("SEED-70: the link of the dialog that cancels leads to Report a problem with Partner Center");
test.todo("SEED-71: Type of problem offers CSP Purchase/Refund on behalf of customers");
test.todo("SEED-72: the form has Impact and Title");
test.todo("SEED-73: Description asks for the customer, the order, the reason and the amount");
test.todo("SEED-74: Contact takes name, e-mail address and phone number");
test.todo("SEED-75: Add files attaches files, and can be left out");
test.todo("SEED-76: Submit files the request");
test.todo("the bell counts what was not read, and a notification leads to what it is about");
test.todo("the operator answers a request, and whoever asked reads the answer");
