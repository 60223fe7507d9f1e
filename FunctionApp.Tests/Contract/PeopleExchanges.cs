namespace Advisor.Tests.Contract;

/// <summary>Exchanges about alerts, what people are told, and what they and the product did.</summary>
internal static class PeopleExchanges
{
    public static IEnumerable<Exchange> Of(ContractWorld world) => [.. Alerts(world), .. Notifications(world), .. Reviewers(world), .. Audit(world)];

    private static IEnumerable<Exchange> Alerts(ContractWorld world)
    {
        const string escalate = "/api/v1/alerts/escalate";
        Func<HttpContent> Body(string insight, string reviewer) =>
            Exchange.Json($$"""{"insight_id": "{{insight}}", "reviewer_email": "{{reviewer}}", "note": "Please look at this."}""");

        yield return new("EscalateAlert", 201, escalate) { Content = Body(world.Insight.Id, world.People.Reviewer), Headers = [("Idempotency-Key", "escalation")] };
        yield return new("EscalateAlert", 400, escalate) { Content = Exchange.Json("{}"), Problem = "invalid-request" };
        yield return new("EscalateAlert", 404, escalate) { Content = Body(Exchanges.Nobody, world.People.Reviewer), Problem = "not-found" };
        yield return new("EscalateAlert", 409, escalate) { Content = Body(world.Altered, world.People.Reviewer), Problem = "altered-record" };
        yield return new("EscalateAlert", 422, escalate) { Content = Body(world.Insight.Id, "stranger@elsewhere.example"), Problem = "unknown-reviewer" };
        yield return new("EscalateAlert", 422, escalate) { Content = Body(world.Insight.Id, world.People.Analyst), Problem = "not-a-reviewer" };

        const string alerts = "/api/v1/alerts";
        yield return new("ListAlerts", 200, $"{alerts}?status=notified&insight_id={world.Insight.Id}&reviewer={world.People.Reviewer}&limit=500");
        yield return new("ListAlerts", 200, world.Next[alerts]);
        yield return new("ListAlerts", 400, $"{alerts}?status=lost") { Problem = "invalid-request" };
        yield return new("GetAlert", 200, $"{alerts}/{world.Alert}");
    }

    private static IEnumerable<Exchange> Notifications(ContractWorld world)
    {
        const string notifications = "/api/v1/notifications";
        yield return new("ListNotifications", 200, $"{notifications}?status=accepted&kind=alert-escalated");
        yield return new("ListNotifications", 200, $"{notifications}?limit=500");
        yield return new("ListNotifications", 200, world.Next[notifications]);
        yield return new("ListNotifications", 400, $"{notifications}?status=lost") { Problem = "invalid-request" };
        yield return new("GetNotification", 200, $"{notifications}/{world.Alert}");
        yield return new("ResendNotification", 202, $"{notifications}/{world.Undelivered}/resend") { Headers = [("Idempotency-Key", "resend")] };
        yield return new("ResendNotification", 404, $"{notifications}/{Exchanges.Nobody}/resend") { Problem = "not-found" };
        yield return new("ResendNotification", 409, $"{notifications}/{world.Alert}/resend") { Problem = "nothing-to-resend" };
    }

    private static IEnumerable<Exchange> Reviewers(ContractWorld world)
    {
        const string integrity = "/api/v1/reviewers/integrity";
        yield return new("GetReviewerIntegrity", 200, integrity);
        yield return new("GetReviewerIntegrity", 200, $"{integrity}?kind=insight/{world.Insight.Type}&days=30");
        yield return new("GetReviewerIntegrity", 400, $"{integrity}?days=366") { Problem = "invalid-request" };
        yield return new("GetReviewerIntegrity", 404, $"{integrity}?kind=no/such") { Problem = "not-found" };
    }

    private static IEnumerable<Exchange> Audit(ContractWorld world)
    {
        const string audit = "/api/v1/audit";
        yield return new("ListAudit", 200, $"{audit}?limit=500");
        yield return new("ListAudit", 200, $"{audit}?user_id=advisor&action=insight.published&resource=insights/&result=published&from=2020-01-31&to=2100-01-01T00:00:00Z");
        yield return new("ListAudit", 200, world.Next[audit]);
        yield return new("ListAudit", 400, $"{audit}?from=yesterday") { Problem = "invalid-request" };
    }
}
