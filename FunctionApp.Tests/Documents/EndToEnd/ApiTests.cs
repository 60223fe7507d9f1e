using System.Globalization;
using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Lists and their filters, links, access and tenants, over HTTP.</summary>
[Collection(EndToEndTests.Name)]
public sealed class ApiTests(AdvisorFixture fixture)
{
    private const string Report = "annual-report.pdf";

    [Theory]
    [InlineData("metric=revenue")]
    [InlineData("metric=*")]
    [InlineData("period=FY2025")]
    [InlineData("page=15")]
    [InlineData("page=15&period=2025-12-31")]
    [InlineData("metric=no_such_metric")]
    [InlineData("page=1000")]
    public async Task Facts_Filtered_AreThoseOfTheWholeThatMatch(string query)
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var found = await fixture.Analyst.AllAsync<FactView>($"/api/v1/documents/{analysis.Ingestion.DocumentId}/facts?limit=500&{query}", "facts");
        var wanted = query.Split('&').Select(part => part.Split('=')).Aggregate(analysis.Facts.AsEnumerable(), (facts, filter) => filter switch
        {
            ["metric", "*"] => facts.Where(fact => fact.Metric is not null),
            ["metric", var metric] => facts.Where(fact => fact.Metric == metric),
            ["period", var period] => facts.Where(fact => fact.Period == period),
            ["page", var page] => facts.Where(fact => fact.Page == int.Parse(page, CultureInfo.InvariantCulture)),
            _ => throw new InvalidOperationException(query),
        });
        found.Select(fact => fact.Id).ShouldBe(wanted.Select(fact => fact.Id));
        (found.Count > 0).ShouldBe(!query.Contains("no_such", StringComparison.Ordinal) && !query.Contains("1000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Facts_OfOneSheet_AreThoseOfTheSheet()
    {
        var analysis = await fixture.AnalyzeSampleAsync("quarterly-workbook.xlsx");
        var found = await fixture.Analyst.AllAsync<FactView>($"/api/v1/documents/{analysis.Ingestion.DocumentId}/facts?sheet=income%20statement", "facts");
        found.ShouldNotBeEmpty();
        found.Select(fact => fact.Id).ShouldBe(analysis.Facts.Where(fact => fact.Sheet == "Income statement").Select(fact => fact.Id));
    }

    [Theory]
    [InlineData("facts?limit=7", "facts")]
    [InlineData("proofs?limit=7", "proofs")]
    public async Task DocumentLists_SevenAtATime_GiveTheWholeInOrder(string path, string name)
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var ids = (await fixture.Analyst.AllAsync<JsonElement>($"/api/v1/documents/{analysis.Ingestion.DocumentId}/{path}", name)).ConvertAll(item => item.GetProperty("id").GetString());
        ids.ShouldBe(name == "facts" ? analysis.Facts.Select(fact => fact.Id) : analysis.Proofs.Select(proof => proof.Id));
    }

    [Fact]
    public async Task Insights_SevenAtATime_GiveTheWholeInOrder()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var first = await fixture.Analyst.GetAsync($"/api/v1/insights?document_id={analysis.Ingestion.DocumentId}&limit=7");
        first["insights"].GetArrayLength().ShouldBe(7);
        var paged = await fixture.Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={analysis.Ingestion.DocumentId}&limit=7", "insights");
        paged.Select(insight => insight.Id).ShouldBe(analysis.Insights.Select(insight => insight.Id));
    }

    [Theory]
    [InlineData("facts?limit=0", "limit")]
    [InlineData("facts?limit=501", "limit")]
    [InlineData("facts?limit=many", "limit")]
    [InlineData("facts?continuation=nonsense", "continuation")]
    [InlineData("facts?continuation=-1", "continuation")]
    [InlineData("facts?page=first", "page")]
    [InlineData("proofs?outcome=perhaps", "outcome")]
    public async Task DocumentLists_BadQuery_NameTheField(string path, string field)
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        (await fixture.Analyst.GetAsync($"/api/v1/documents/{analysis.Ingestion.DocumentId}/{path}")).ShouldBlame(field);
    }

    [Theory]
    [InlineData("band=high")]
    [InlineData("band=medium")]
    [InlineData("band=low")]
    [InlineData("type=trend")]
    [InlineData("type=risk")]
    [InlineData("status=published")]
    [InlineData("status=awaiting_approval")]
    [InlineData("status=in_review")]
    [InlineData("confidence_min=0.9")]
    [InlineData("confidence_min=0")]
    [InlineData("type=anomaly&band=low")]
    public async Task Insights_Filtered_AreThoseOfTheWholeThatMatch(string query)
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var found = await fixture.Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={analysis.Ingestion.DocumentId}&{query}", "insights");
        var wanted = query.Split('&').Select(part => part.Split('=')).Aggregate(analysis.Insights.AsEnumerable(), (insights, filter) => filter switch
        {
            ["band", var band] => insights.Where(insight => insight.Band == Enum.Parse<Band>(band, ignoreCase: true)),
            ["type", var type] => insights.Where(insight => insight.Type == type),
            ["status", var status] => insights.Where(insight => insight.Status == Enum.Parse<InsightStatus>(status.Replace("_", ""), ignoreCase: true)),
            ["confidence_min", var least] => insights.Where(insight => insight.Confidence >= decimal.Parse(least, CultureInfo.InvariantCulture)),
            _ => throw new InvalidOperationException(query),
        });
        found.Select(insight => insight.Id).ShouldBe(wanted.Select(insight => insight.Id));
    }

    [Fact]
    public async Task Insights_OfOneAnalysis_AreThoseOfIt()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        foreach (var id in analysis.Ingestion.AnalysisIds)
        {
            var view = await fixture.Analyst.GetAsync($"/api/v1/analysis/{id}");
            var insights = await fixture.Analyst.AllAsync<InsightView>($"/api/v1/insights?analysis_id={id}", "insights");
            insights.Select(insight => insight.Id).ShouldBe(analysis.Insights.Where(insight => insight.AnalysisId == id).Select(insight => insight.Id));
            insights.Count.ShouldBe(view["insights"].GetInt32());
            insights.ShouldAllBe(insight => insight.Type == view["analysis_type"].GetString());
            insights.Select(insight => insight.Rank).ShouldBe(Enumerable.Range(1, insights.Count));
        }
    }

    [Theory]
    [InlineData("band=top", "band")]
    [InlineData("type=guess", "type")]
    [InlineData("status=done", "status")]
    [InlineData("confidence_min=1.1", "confidence_min")]
    [InlineData("confidence_min=-1", "confidence_min")]
    [InlineData("confidence_min=sure", "confidence_min")]
    [InlineData("limit=0", "limit")]
    [InlineData("continuation=nonsense", "continuation")]
    public async Task Insights_BadQuery_NameTheField(string query, string field) => (await fixture.Analyst.GetAsync($"/api/v1/insights?{query}")).ShouldBlame(field);

    [Fact]
    public async Task Links_OfEveryView_LeadSomewhere()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var insight = analysis.Insights[0];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var views = new Queue<string>([$"/api/v1/ingestions/{analysis.Ingestion.IngestionId}", $"/api/v1/insights/{insight.Id}", $"/api/v1/documents/{analysis.Ingestion.DocumentId}/summary"]);
        await fixture.Analyst.UntilAsync(views.Last(), answer => answer.Status == HttpStatusCode.OK);
        while (views.TryDequeue(out var path))
        {
            if (!seen.Add(path) || path.EndsWith("/stream", StringComparison.Ordinal))
            {
                continue;
            }

            // The acts of a review are posted to: nothing is read there, but somebody answers.
            var view = await fixture.Analyst.GetAsync(path);
            view.Status.ShouldBe(path.StartsWith("/api/v1/reviews/", StringComparison.Ordinal) && path.Count(part => part == '/') > 4 ? HttpStatusCode.MethodNotAllowed : HttpStatusCode.OK, path);
            if (view.ContentType == "application/json" && view.Json.TryGetProperty("_links", out var links))
            {
                links.EnumerateObject().ToList().ForEach(link => views.Enqueue(link.Value.GetProperty("href").GetString()!));
            }
        }

        seen.Count.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task EveryRoute_WithoutAValidToken_IsRefused()
    {
        foreach (var client in new[] { fixture.Advisor.Stranger(), fixture.Advisor.Stranger("adv_forged") })
        {
            foreach (var (method, route) in ProtectedRoutes())
            {
                var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), "/" + WithId(route, "some-id")));
                answer.Status.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {route}");
                answer.Type.ShouldBe("urn:advisor:problem:unauthenticated");
                answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            }
        }

        (await fixture.Advisor.Stranger().GetAsync("/health"))["status"].GetString().ShouldBe("healthy");
    }

    [Theory]
    [InlineData(Role.Reviewer)]
    [InlineData(Role.Approver)]
    [InlineData(Role.Cfo)]
    [InlineData(Role.Operator)]
    public async Task Ingest_RoleThatMayNot_IsForbidden(Role role)
    {
        var client = await fixture.Advisor.ClientAsync(role);
        var answer = await client.UploadAsync("ledger.csv", [1]);
        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Type.ShouldBe("urn:advisor:problem:forbidden");
        answer["detail"].GetString()!.ShouldContain("analyst");
    }

    [Fact]
    public async Task UnknownPath_IsNotFound()
    {
        var answer = await fixture.Analyst.GetAsync("/api/v1/nothing");
        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Type.ShouldBe("urn:advisor:problem:not-found");
        answer.ContentType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("POST", "/api/v1/documents", "GET")]
    [InlineData("DELETE", "/api/v1/insights", "GET")]
    [InlineData("PUT", "/api/v1/insights/some-id", "GET")]
    [InlineData("PUT", "/api/v1/documents/ingest", "POST")]
    public async Task WrongMethod_NamesTheRightOne(string method, string path, string allowed)
    {
        using var response = await fixture.Analyst.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe([allowed]);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.GetProperty("type").GetString().ShouldBe("urn:advisor:problem:method-not-allowed");
    }

    [Fact]
    public async Task EveryRouteById_UnknownId_IsNotFound()
    {
        var everyRole = await fixture.Advisor.ClientOfEveryRoleAsync();
        foreach (var route in Readable().Where(route => route.Contains('{', StringComparison.Ordinal)))
        {
            var answer = await everyRole.GetAsync("/" + WithId(route, "no-such-id"));
            answer.Status.ShouldBe(HttpStatusCode.NotFound, route);
            answer.ContentType.ShouldBe("application/problem+json", route);
            answer.Type.ShouldStartWith("urn:advisor:problem:");
        }
    }

    [Fact]
    public async Task EveryRoute_AnotherTenant_SeesNothing()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var insight = analysis.Insights[0];
        await fixture.Analyst.UntilAsync($"/api/v1/documents/{analysis.Ingestion.DocumentId}/summary", answer => answer.Status == HttpStatusCode.OK);
        await fixture.Advisor.ClientAsync(Role.Reviewer);
        var alert = (await fixture.Analyst.PostAsync("/api/v1/alerts/escalate", $$"""{"insight_id": "{{insight.Id}}", "reviewer_email": "reviewer@northwind.example"}"""))["alert_id"].GetString()!;
        string[] ids = [analysis.Ingestion.IngestionId, analysis.Ingestion.DocumentId, analysis.Ingestion.RunId, insight.AnalysisId, insight.Id, insight.ReasoningChainId, insight.CompanyId!, alert];
        var other = await fixture.Advisor.ClientOfEveryRoleAsync("somebody-else");
        var reached = new List<string>();
        // The audit of the other tenant holds the paths that it asked for here; that it holds nothing else has a test of its own.
        foreach (var route in Readable().Where(route => route != "api/v1/audit"))
        {
            foreach (var id in route.Contains('{', StringComparison.Ordinal) ? ids : [""])
            {
                var path = "/" + WithId(route, id);
                var foreign = await other.GetAsync(path);
                if (id.Length > 0)
                {
                    foreign.Status.ShouldBe(HttpStatusCode.NotFound, path);
                }

                ids.Where(own => own != id).ShouldAllBe(own => !foreign.Text.Contains(own));
                if ((await fixture.Analyst.GetAsync(path)).Status == HttpStatusCode.OK)
                {
                    reached.Add(route);
                }
            }
        }

        foreach (var list in new[] { "documents", "ingestions", "companies", "insights" })
        {
            (await other.GetAsync($"/api/v1/{list}"))[list].GetArrayLength().ShouldBe(0, list);
            (await fixture.Analyst.GetAsync($"/api/v1/{list}"))[list].GetArrayLength().ShouldBeGreaterThan(0, list);
        }

        foreach (var path in new[] { $"insights?company={insight.CompanyId}", $"insights?document_id={insight.DocumentId}&include=superseded", $"documents?company={insight.CompanyId}" })
        {
            (await other.GetAsync($"/api/v1/{path}"))[path.Split('?')[0]].GetArrayLength().ShouldBe(0, path);
        }

        (await other.GetAsync("/api/v1/insights"))["insights"].GetArrayLength().ShouldBe(0);
        (await other.GetAsync($"/api/v1/insights?document_id={analysis.Ingestion.DocumentId}"))["insights"].GetArrayLength().ShouldBe(0);
        (await other.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{analysis.Ingestion.IngestionId}}", "analysis_type": "risk"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        // Each of these must have shown something to the tenant itself, or this test shows nothing.
        string[] known = ["api/v1/ingestions/{id}", "api/v1/documents/{id}/facts", "api/v1/documents/{id}/proofs", "api/v1/documents/{id}/summary", "api/v1/analysis/{id}", "api/v1/insights",
            "api/v1/insights/{id}", "api/v1/reasoning-chains/{id}", "api/v1/runs/{id}", "api/v1/runs/{id}/events", "api/v1/runs/{id}/stream",
            "api/v1/documents", "api/v1/documents/{id}", "api/v1/documents/{id}/original", "api/v1/documents/{id}/text", "api/v1/ingestions",
            "api/v1/companies", "api/v1/companies/{id}", "api/v1/companies/{id}/series", "api/v1/alerts", "api/v1/alerts/{id}"];
        known.ShouldBeSubsetOf(reached);
    }

    private static string WithId(string route, string id) =>
        string.Join('/', route.Split('/').Select(segment => segment.StartsWith('{') ? id : segment));

    private static IEnumerable<string> Readable() => ProtectedRoutes().Where(route => route.Method == "get").Select(route => route.Route);

    private static IEnumerable<(string Method, string Route)> ProtectedRoutes() =>
        from function in ProductFunction.In(typeof(Composition).Assembly)
        where function.Http?.Route is not null && !function.Has<AllowAnyoneAttribute>()
        from method in function.Http!.Methods!
        select (method, function.Http!.Route!);
}
