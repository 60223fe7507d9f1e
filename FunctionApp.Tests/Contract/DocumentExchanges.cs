namespace Advisor.Tests.Contract;

/// <summary>Exchanges about documents as such, ingestions and companies; what is read of a document is in <see cref="Exchanges"/>.</summary>
internal static class DocumentExchanges
{
    private const string All = "/api/v1/documents";

    public static IEnumerable<Exchange> Of(ContractWorld world) => [.. Lists(world), .. Single(world), .. Changes(world), .. Originals(world), .. Texts(world), .. Companies(world)];

    private static IEnumerable<Exchange> Lists(ContractWorld world)
    {
        yield return new("ListDocuments", 200, $"{All}?name=annual&company={world.Company}&format=pdf&form=10-K&status=completed&from=2020-01-31&to=2100-01-01T00:00:00Z&sort=-name");
        yield return new("ListDocuments", 200, $"{All}?limit=500");
        yield return new("ListDocuments", 200, world.Next[All]);
        yield return new("ListDocuments", 400, $"{All}?sort=size") { Problem = "invalid-request" };
        yield return new("ListIngestions", 200, "/api/v1/ingestions?status=completed&limit=500");
        yield return new("ListIngestions", 200, world.Next["/api/v1/ingestions"]);
        yield return new("ListIngestions", 400, "/api/v1/ingestions?status=lost") { Problem = "invalid-request" };
    }

    private static IEnumerable<Exchange> Single(ContractWorld world)
    {
        yield return new("GetDocument", 200, $"{All}/{world.Document}");
        yield return new("GetDocument", 200, $"{All}/{world.Unread}");
        yield return new("GetDocument", 304, $"{All}/{world.Document}") { Headers = [("If-None-Match", "*")] };
        yield return new("GetDocument", 410, $"{All}/{world.Deleted}") { Problem = "deleted" };
    }

    private static IEnumerable<Exchange> Changes(ContractWorld world)
    {
        IReadOnlyList<(string Name, string Value)> any = [("If-Match", "*")];
        var (id, company) = ($"{All}/{world.Changeable}", Exchange.Json("""{"company": "Contoso Holding"}""", "application/merge-patch+json"));
        yield return new("ChangeDocument", 200, id) { Headers = any, Content = company };
        yield return new("ChangeDocument", 200, id) { Headers = any, Content = Exchange.Json("""{"company": null, "legal_hold": true, "legal_hold_reason": "Matter 17"}""") };
        yield return new("ChangeDocument", 400, id) { Headers = any, Content = Exchange.Json("""{"name": "other.pdf"}"""), Problem = "invalid-request" };
        yield return new("ChangeDocument", 404, $"{All}/{Exchanges.Nobody}") { Headers = any, Content = company, Problem = "not-found" };
        yield return new("ChangeDocument", 409, $"{All}/{world.Unread}") { Headers = any, Content = company, Problem = "in-progress" };
        yield return new("ChangeDocument", 410, $"{All}/{world.Deleted}") { Headers = any, Content = company, Problem = "deleted" };
        yield return new("ChangeDocument", 412, id) { Headers = [("If-Match", "\"another\"")], Content = company, Problem = "changed" };
        yield return new("ChangeDocument", 412, id) { Headers = [("If-Match", "W/\"another\"")], Content = company, Problem = "weak-tag" };
        yield return new("ChangeDocument", 428, id) { Content = company, Problem = "precondition-required" };
        yield return new("DeleteDocument", 200, $"{All}/{world.Doomed}");
        yield return new("DeleteDocument", 200, $"{All}/{world.Doomed}");
        yield return new("DeleteDocument", 404, $"{All}/{Exchanges.Nobody}") { Problem = "not-found" };
        yield return new("DeleteDocument", 409, $"{All}/{world.Held}") { Problem = "legal-hold" };
        yield return new("DeleteDocument", 409, $"{All}/{world.Document}") { Problem = "under-retention" };
        yield return new("DeleteDocument", 409, $"{All}/{world.Unread}") { Problem = "in-progress" };
    }

    private static IEnumerable<Exchange> Originals(ContractWorld world)
    {
        foreach (var document in world.Formats.Values)
        {
            yield return new("GetDocumentOriginal", 200, $"{All}/{document}/original");
            yield return new("GetDocumentOriginal", 206, $"{All}/{document}/original") { Headers = [("Range", "bytes=0-99")] };
        }

        var original = $"{All}/{world.Document}/original";
        yield return new("GetDocumentOriginal", 200, $"{original}?inline=true") { Headers = [("Range", "bytes=0-99"), ("If-Range", "\"another\"")] };
        yield return new("GetDocumentOriginal", 304, original) { Headers = [("If-None-Match", "*")] };
        yield return new("GetDocumentOriginal", 404, $"{All}/{world.Lost}/original") { Problem = "no-original" };
        yield return new("GetDocumentOriginal", 410, $"{All}/{world.Deleted}/original") { Problem = "deleted" };
        yield return new("GetDocumentOriginal", 416, original) { Headers = [("Range", "bytes=900000000-")] };
    }

    private static IEnumerable<Exchange> Texts(ContractWorld world)
    {
        yield return new("GetDocumentText", 200, $"{All}/{world.Document}/text");
        yield return new("GetDocumentText", 200, $"{All}/{world.Document}/text?page=20-21&limit=1&continuation=1");
        yield return new("GetDocumentText", 200, $"{All}/{world.Ledger}/text?sheet=LEDGER&limit=2");
        yield return new("GetDocumentText", 400, $"{All}/{world.Document}/text?page=0") { Problem = "invalid-request" };
        yield return new("GetDocumentText", 409, $"{All}/{world.Unread}/text") { Problem = "not-ready" };
        yield return new("GetDocumentText", 410, $"{All}/{world.Deleted}/text") { Problem = "deleted" };
    }

    private static IEnumerable<Exchange> Companies(ContractWorld world)
    {
        const string companies = "/api/v1/companies";
        yield return new("ListCompanies", 200, $"{companies}?name=north&limit=500");
        yield return new("ListCompanies", 200, world.Next[companies]);
        yield return new("ListCompanies", 400, $"{companies}?limit=0") { Problem = "invalid-request" };
        yield return new("GetCompany", 200, $"{companies}/{world.Company}");
        var series = $"{companies}/{world.Company}/series";
        yield return new("GetCompanySeries", 200, series);
        yield return new("GetCompanySeries", 200, $"{series}?limit=2&continuation=1");
        yield return new("GetCompanySeries", 200, $"{series}?metric=revenue&period_type=year&from=2023-01-01&to=2100-12-31");
        yield return new("GetCompanySeries", 200, $"{series}?metric=total_assets&period_type=instant");
        yield return new("GetCompanySeries", 400, $"{series}?period_type=week") { Problem = "invalid-request" };
    }
}
