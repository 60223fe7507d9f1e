using Advisor.Documents.Intake;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>Problems as values, wherever in the product they are made.</summary>
[Collection(ContractTests.Name)]
public sealed class ProblemTests(ContractFixture fixture)
{
    [Fact]
    public void EveryProblemOfTheProduct_HasOneTitleAndOneStatusForItsType()
    {
        var made = Made().ToList();
        made.Count.ShouldBeGreaterThan(12);
        made.Select(problem => problem.Slug).ShouldContain("too-many-requests");
        var all = made.Concat(Rejections()).ToList();
        all.Select(problem => problem.Slug).ShouldContain("encrypted-pdf");
        foreach (var type in all.GroupBy(problem => problem.Slug))
        {
            type.Key.ShouldMatch("^[a-z]+(-[a-z]+)*$");
            type.Select(problem => problem.Title).Distinct().ShouldHaveSingleItem(type.Key);
            type.Select(problem => problem.Status).Where(status => status > 0).Distinct().Count().ShouldBeLessThan(2, type.Key);
        }
    }

    [Fact]
    public async Task Get_FunctionThrows_TellsNothingOfItsInside()
    {
        var problem = await fixture.Analyst.ProblemAsync(new HttpRequestMessage(HttpMethod.Get, "/api/test/fails"), 500, "internal-error");
        var text = problem.ToString();
        text.ShouldNotContain("hunter2");
        text.ShouldNotContain("InvalidOperation");
        text.ShouldNotContain(" at ");
    }

    [Fact]
    public async Task Post_HostIsStoppedMeanwhile_SaysWhenToComeAgain()
    {
        var effects = new Effects();
        var advisor = await RunningAdvisor.StartAsync(options => options with
        {
            StopTimeout = TimeSpan.FromMilliseconds(50),
            FunctionTypes = [.. typeof(Composition).Assembly.GetTypes(), typeof(ContractFunctions)],
            ConfigureServices = options.ConfigureServices + (services => services.AddSingleton(effects)),
        });

        // Not one of the host's own clients: those close with it.
        using var caller = new ApiClient(advisor.Url, (await advisor.ClientAsync(Role.Analyst)).Http.DefaultRequestHeaders.Authorization!.Parameter);
        var asked = caller.ProblemAsync(ContractFixture.Post("/api/test/slow", "stopped"), 503, "dependency-unavailable");
        await effects.Begun.WaitAsync(TestContext.Current.CancellationToken);
        await advisor.DisposeAsync();
        (await asked).GetProperty("detail").GetString().ShouldBe("The host was stopped before it came to an answer. Send the same request again in 1 s.");
    }

    [Theory]
    [InlineData("GET", "/api/v1/insights/%3Cscript%3Ealert(1)%3C%2Fscript%3E", null)]
    [InlineData("GET", "/%3Cscript%3E", null)]
    [InlineData("DELETE", "/api/v1/insights/%3Cscript%3E", null)]
    [InlineData("GET", "/api/v1/insights?band=%3Cscript%3E", null)]
    [InlineData("GET", "/api/v1/insights?continuation=%3Cscript%3E", null)]
    [InlineData("POST", "/api/v1/analysis/trigger", "{\"ingestion_id\": \"<script>\", \"analysis_type\": \"risk\"}")]
    [InlineData("POST", "/api/v1/analysis/trigger", "{\"<script>\": ")]
    [InlineData("POST", "/api/v1/documents/ingest", "{\"document_url\": \"https://example.com/a\", \"analysis_types\": [\"<script>\"]}")]
    [InlineData("POST", "/api/v1/documents/ingest", "{\"document_url\": \"https://<script>/a\"}")]
    public async Task Refused_TextOfAnAttacker_IsNotMarkup(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await fixture.Analyst.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBeInRange(400, 499);
        text.ShouldNotContain("<script");
        ProblemShape.Check(response.Content.Headers.ContentType, (int)response.StatusCode, text);
    }

    [Fact]
    public void Of_TextThatWouldActWhereItIsShown_IsShownOnly()
    {
        PlainText.Of("<b>\u001b[31m\u202eabc\u0000\n").ShouldBe("‹b›?[31m?abc??");
        PlainText.Of("Größe 'a' & \"b\" 😀").ShouldBe("Größe 'a' & \"b\" 😀");
        PlainText.Of(new string('a', 10_000)).Length.ShouldBe(500);
    }

    /// <summary>What stands in the code: a status, a slug and a title, constants that are pushed one after another.</summary>
    private static IEnumerable<(int Status, string Slug, string Title)> Made()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Problem).Assembly.Location);
        var bodies = assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).Select(method => method.Body.Instructions).ToList();
        foreach (var code in bodies.Where(code => code.Any(MakesProblem)))
        {
            for (var i = 2; i < code.Count; i++)
            {
                if (code[i - 2].OpCode == OpCodes.Ldc_I4 && (int)code[i - 2].Operand is >= 400 and < 600 && code[i - 1].Operand is string slug && code[i].Operand is string title)
                {
                    yield return ((int)code[i - 2].Operand, slug, title);
                }
            }
        }
    }

    private static bool MakesProblem(Instruction instruction) =>
        instruction.OpCode == OpCodes.Newobj && instruction.Operand is MethodReference { DeclaringType.FullName: "Advisor.Kernel.Http.Problem" };

    /// <summary>Documents' refusals, whose constructors hand slug and title on.</summary>
    private static IEnumerable<(int Status, string Slug, string Title)> Rejections()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Problem).Assembly.Location);
        foreach (var type in assembly.MainModule.GetType(typeof(IntakeRejection).FullName).NestedTypes.Where(type => type.BaseType.Name == nameof(IntakeRejection)))
        {
            var strings = type.Methods.Where(method => method.IsConstructor).SelectMany(method => method.Body.Instructions).Where(code => code.OpCode == OpCodes.Ldstr).Take(2).ToList();
            if (strings.Count == 2)
            {
                yield return (0, (string)strings[0].Operand, (string)strings[1].Operand);
            }
        }
    }
}
