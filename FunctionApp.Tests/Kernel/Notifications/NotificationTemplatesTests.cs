using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

public sealed class NotificationTemplatesTests
{
    private const string Url = "https://advisor.example/api/v1/documents/d1/summary?a=1&b=2";

    private static readonly Dictionary<string, string> s_notice = new()
    {
        ["notice.v1.0.0.subject"] = "About {{document}}",
        ["notice.v1.0.0.text"] = "{{document}} of {{tenant}}\nNote: {{note}}\n- {{item}}\n{{link}}",
        ["notice.v1.0.0.html"] = "<p>{{document}} of {{tenant}}</p>\n<p>Note: {{note}}</p>\n<p>{{item}}</p>\n<a href=\"{{link}}\">read</a>",
        ["notice.v1.0.0.card"] = """
            {"body":[{"type":"TextRun","text":"{{document}} of {{tenant}}"},{"type":"TextRun","text":"Note: {{note}}"},{"type":"TextRun","text":"{{item}}"}],"actions":[{"url":"{{link}}"}]}
            """,
    };

    [Fact]
    public void ShippedTemplates_AllModels_FitThem() => Should.NotThrow(() => new NotificationTemplates());

    [Theory]
    [InlineData("notice.v1.0.0.text", "{{document}} {{note}} {{item}} {{link}} {{amount}}", "notice.v1.0.0.text uses {{amount}}, which Notice does not have.")]
    [InlineData("notice.v1.0.0.html", "{{document}} {{item}} {{link}}", "notice.v1.0.0.html does not use {{note}}.")]
    [InlineData("notice.v1.0.0.text", "{{document}} {{note}} {{link}}", "notice.v1.0.0.text does not use {{item}}.")]
    [InlineData("notice.v1.0.0.text", "{{document}} {{note}} {{item}} {{link}}", "notice.v1.0.0.text does not use {{tenant}}.")]
    [InlineData("notice.v1.0.0.text", null, "notice.v1.0.0.text is missing.")]
    [InlineData("notice.v1.0.0.pdf", "", "notice.v1.0.0.pdf is no format.")]
    [InlineData("notice.v1.0.0.subject", "a\nb", "notice.v1.0.0.subject is one line without items.")]
    [InlineData("notice.v1.0.0.card", "[]", "notice.v1.0.0.card is not a JSON object.")]
    [InlineData("notice.v1.0.0.card", """{"type":"TextBlock","text":"{{document}}"}""", "notice.v1.0.0.card: {{document}} stands in 'text', where its value could be more than text.")]
    [InlineData("notice.v1.0.0.card", """{"url":"{{document}}"}""", "notice.v1.0.0.card: {{document}} stands in 'url', where its value could be more than text.")]
    [InlineData("notice.v1.0.0.card", """{"url":"https://x.example{{link}}"}""", "notice.v1.0.0.card: {{link}} stands in 'url', where its value could be more than text.")]
    public void Set_TemplateThatCannotBeFilled_NamesWhatIsWrong(string file, string? content, string fault)
    {
        var files = new Dictionary<string, string>(s_notice);
        files.Remove(file);
        if (content is not null)
        {
            files[file] = content;
        }

        Should.Throw<InvalidOperationException>(() => new NotificationTemplates(files, [typeof(Notice)])).Message.ShouldContain(fault);
    }

    [Fact]
    public void Set_ModelWithoutTemplate_IsNamed() => Should.Throw<InvalidOperationException>(() => new NotificationTemplates(new Dictionary<string, string>(), [typeof(Notice)]))
        .Message.ShouldBe("notice.v1.0.0 is missing: Notice fills it.");

    [Fact]
    public void Render_EmptyValues_LeaveTheirLinesOut()
    {
        var rendered = Rendered(new Notice("report", null, []));
        rendered.Text.ShouldBe($"report of northwind\n{Url}\n");
        rendered.Html.ShouldBe($"<p>report of northwind</p>\n<a href=\"{Url.Replace("&", "&amp;")}\">read</a>\n");
        rendered.Card["body"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public void Render_Items_RepeatTheirLine()
    {
        var rendered = Rendered(new Notice("report", "n", ["one", "two"]));
        rendered.Text.ShouldBe($"report of northwind\nNote: n\n- one\n- two\n{Url}\n");
        rendered.Card["body"]!.AsArray().Select(run => (string)run!["text"]!).ShouldBe(["report of northwind", "Note: n", "one", "two"]);
    }

    [Fact]
    public void Render_LongSubject_IsCut() => Rendered(new Notice(new string('x', 400), null, [])).Subject.ShouldBe("About " + new string('x', 143) + "…");

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("[click](https://evil.example)")]
    [InlineData("Acme\r\nBcc: everyone@evil.example\r\n\r\nPay now")]
    [InlineData("Acme \u202Egnp.exe\u202C")]
    [InlineData("{{link}} {{item}} {{document}}")]
    [InlineData("\",\"url\":\"https://evil.example\",\"x\":\"")]
    [InlineData("javascript:alert(1) //www.evil.example")]
    public void Render_HostileTextEverywhere_StaysText(string hostile)
    {
        foreach (var rendered in new[]
        {
            Shipped(new SummaryReady(hostile, hostile, hostile, hostile, [hostile, hostile])),
            Shipped(new ReviewRequested(hostile, hostile, hostile, hostile, [hostile])),
            Shipped(new AlertEscalated(hostile, hostile, hostile, hostile, hostile)),
        })
        {
            var innocent = Shipped(new AlertEscalated("d", "c", "s", "e", "n"));
            rendered.Subject.ShouldNotContain("\n");
            rendered.Subject.ShouldNotContain("\r");
            rendered.Subject.ShouldNotContain("\u202E");
            foreach (var text in new[] { rendered.Text, rendered.Html, rendered.Card.ToJsonString() })
            {
                text.ShouldNotContain("\u202E");
                text.ShouldNotContain("evil.example");
                text.ShouldNotContain("https://evil");
            }

            // Nothing opens or closes a tag, an attribute, a line or a card's member but the templates.
            Tags(rendered.Html).Except(Tags(innocent.Html)).Except(["<ul>", "</ul>", "<li>", "</li>", "<p style=\"color: #555\">"]).ShouldBeEmpty();
            rendered.Text.Split('\n').ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.Ordinal) || line.StartsWith("Pay", StringComparison.Ordinal));
            Count(rendered.Text, Url).ShouldBe(1);
            Urls(rendered.Card).ShouldBe([Url]);
        }
    }

    [Fact]
    public void Create_LinkOfOthers_IsRefused()
    {
        foreach (var link in new[] { "https://evil.example", "//evil.example\n", "/a b", "/\"onclick", "javascript:alert(1)" })
        {
            Should.Throw<ArgumentException>(() => Notification.Create("id", new TenantId("t"), [], new Notice("d", null, []), link, DateTimeOffset.UnixEpoch));
        }
    }

    [Fact]
    public void Render_VersionThatIsNotShipped_IsNull() =>
        new NotificationTemplates().Render(Of(new AlertEscalated("d", "c", "s", "e", "n")) with { TemplateVersion = "0.9.0" }, Url).ShouldBeNull();

    private static RenderedNotification Rendered(Notice model) => new NotificationTemplates(s_notice, [typeof(Notice)]).Render(Of(model), Url)!;

    private static RenderedNotification Shipped<TModel>(TModel model) where TModel : class, INotificationModel => new NotificationTemplates().Render(Of(model), Url)!;

    private static Notification Of<TModel>(TModel model) where TModel : class, INotificationModel =>
        Notification.Create("id", new TenantId("northwind"), [], model, "/api/v1/documents/d1/summary", DateTimeOffset.UnixEpoch);

    private static IEnumerable<string> Tags(string html) => Regex.Matches(html, "<[^>]*>", RegexOptions.None, TimeSpan.FromSeconds(1))
        .Select(match => match.Value).Where(tag => !tag.StartsWith("<title>", StringComparison.Ordinal)).Distinct();

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static IEnumerable<string> Urls(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "url" ? [(string)member.Value!] : Urls(member.Value)),
        JsonArray elements => elements.SelectMany(Urls),
        _ => [],
    };

    private sealed record Notice(string Document, string? Note, IReadOnlyList<string> Items) : INotificationModel
    {
        public static string Kind => "notice";

        public static string Version => "1.0.0";
    }
}
