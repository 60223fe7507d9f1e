using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Chains;

public sealed class ReasoningChainTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 8, 12, 30, 0, TimeSpan.FromHours(2));

    [Fact]
    public void Close_Chain_LinksItsSteps()
    {
        var chain = Build();

        chain.Steps.Select(step => step.Step).ShouldBe([1, 2, 3]);
        chain.Steps[0].PreviousHash.ShouldBe(ReasoningChainBuilder.Genesis);
        chain.Steps[1].PreviousHash.ShouldBe(chain.Steps[0].Hash);
        chain.Timestamp.ShouldBe(new DateTimeOffset(2026, 1, 8, 10, 30, 0, TimeSpan.Zero));
        chain.Ttl.ShouldBe(220_838_400);
        chain.RootHash.Length.ShouldBe(64);
        ReasoningChainVerifier.Verify(chain, chain.RootHash).ShouldBe(new ChainVerdict.Intact(chain.RootHash));
    }

    [Fact]
    public void Close_SameSteps_GiveTheSameRoot() => Build().RootHash.ShouldBe(Build().RootHash);

    [Fact]
    public void Close_KnownChain_KeepsItsRoot() =>
        // Chains are kept for seven years: what is hashed must not change unnoticed.
        Build().RootHash.ShouldBe("dd63d1617b212f94fa9fd138193f0efe5ab82b20f055b2565a55dad61a1adf50");

    [Fact]
    public void Verify_AfterStoring_IsIntact()
    {
        var chain = Build();

        var json = JsonSerializer.Serialize(chain, AdvisorJson.Options);
        var stored = JsonSerializer.Deserialize<ReasoningChain>(json, AdvisorJson.Options)!;

        ReasoningChainVerifier.Verify(stored, chain.RootHash).ShouldBeOfType<ChainVerdict.Intact>();
        JsonSerializer.Serialize(stored, AdvisorJson.Options).ShouldBe(json);
    }

    [Fact]
    public void Verify_StoreThatReordersAndReformats_IsIntact()
    {
        var chain = Build();
        var json = JsonSerializer.Serialize(chain, AdvisorJson.Options)
            .Replace("""{"revenue":1452.40,"name":"é"}""", """{ "name": "\u00e9", "revenue": 14.524E2, "gone": null }""");
        json.ShouldContain("14.524E2");

        var stored = JsonSerializer.Deserialize<ReasoningChain>(json, AdvisorJson.Options)!;

        ReasoningChainVerifier.Verify(stored, chain.RootHash).ShouldBeOfType<ChainVerdict.Intact>();
    }

    [Fact]
    public void Verify_StepChanged_NamesTheStep()
    {
        var chain = Build();
        var altered = new Dictionary<string, Func<ReasoningStep, ReasoningStep>>
        {
            ["action"] = step => step with { Action = "Altered" },
            ["inputs"] = step => step with { InputsHash = ReasoningChainBuilder.Genesis },
            ["result"] = step => step with { Result = JsonSerializer.SerializeToElement(1) },
            ["no result"] = step => step with { Result = null },
            ["duration"] = step => step with { DurationMs = step.DurationMs + 1 },
            ["tokens"] = step => step with { Tokens = 7 },
            ["cost"] = step => step with { Cost = 7 },
            ["hash"] = step => step with { Hash = step.PreviousHash },
            ["previous"] = step => step with { PreviousHash = step.Hash },
            ["number"] = step => step with { Step = 9 },
        };
        foreach (var (what, alter) in altered)
        {
            for (var i = 0; i < chain.Steps.Count; i++)
            {
                var steps = chain.Steps.ToArray();
                steps[i] = alter(steps[i]);
                if (steps[i] == chain.Steps[i])
                {
                    continue;
                }

                ReasoningChainVerifier.Verify(chain with { Steps = steps }).ShouldBeOfType<ChainVerdict.BrokenStep>(what).Step.ShouldBe(i + 1, what);
            }
        }
    }

    [Fact]
    public void Verify_StepsReordered_NamesTheFirst() =>
        ReasoningChainVerifier.Verify(Build() with { Steps = [.. Build().Steps.Reverse()] }).ShouldBeOfType<ChainVerdict.BrokenStep>().Step.ShouldBe(1);

    [Fact]
    public void Verify_StepRemoved_IsBroken()
    {
        var chain = Build();

        ReasoningChainVerifier.Verify(chain with { Steps = [chain.Steps[0], chain.Steps[2]] }).ShouldBeOfType<ChainVerdict.BrokenStep>().Step.ShouldBe(2);
        ReasoningChainVerifier.Verify(chain with { Steps = [.. chain.Steps.Take(2)] }).ShouldBeOfType<ChainVerdict.BrokenRoot>();
        ReasoningChainVerifier.Verify(chain with { Steps = [] }).ShouldBeOfType<ChainVerdict.BrokenRoot>();
    }

    [Fact]
    public void Verify_HeadChanged_BreaksTheRoot()
    {
        var chain = Build();
        ReasoningChain[] altered =
        [
            chain with { Id = "x" },
            chain with { AnalysisId = "x" },
            chain with { PromptTemplateVersion = "x" },
            chain with { ModelVersion = "x" },
            chain with { ConfidenceScore = Score.One },
            chain with { ConfidenceScore = null },
            chain with { Timestamp = chain.Timestamp.AddSeconds(1) },
            chain with { Ttl = 1 },
        ];

        altered.ShouldAllBe(other => ReasoningChainVerifier.Verify(other, null) is ChainVerdict.BrokenRoot);
    }

    [Fact]
    public void Verify_RewrittenAsAWhole_IsSeenByTheAuditedRoot()
    {
        var rewritten = new ReasoningChainBuilder("rc-1", "a-1", "p-v1.0.0", "m-1").Add("Other", 1, 2, TimeSpan.Zero).Close(null, Noon);

        ReasoningChainVerifier.Verify(rewritten).ShouldBeOfType<ChainVerdict.Intact>();
        ReasoningChainVerifier.Verify(rewritten, Build().RootHash).ShouldBeOfType<ChainVerdict.BrokenRoot>();
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("1.00e0", "1")]
    [InlineData("10e-1", "1")]
    [InlineData("0.10E+1", "1")]
    [InlineData("1200", "12e2")]
    [InlineData("0.5", "5e-1")]
    [InlineData("-0.50", "-5e-1")]
    [InlineData("0", "0")]
    [InlineData("-0.00", "0")]
    [InlineData("0e5", "0")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("1e99999999999", "1e99999999999")]
    public void CanonicalNumber_OfOneValue_IsOneText(string printed, string expected) => CanonicalJson.Number(printed).ShouldBe(expected);

    [Fact]
    public void CanonicalNumber_DifferentDecimals_Differ() =>
        Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), ArbMap.Default.ArbFor<decimal>(), (a, b) =>
            (a == b) == (CanonicalJson.Number(JsonSerializer.Serialize(a)) == CanonicalJson.Number(JsonSerializer.Serialize(b))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static ReasoningChain Build() => new ReasoningChainBuilder("rc-1", "a-1", "p-v1.0.0", "m-1")
        .Add("Extract financial metrics", new { Document = "d1" }, new { Revenue = 1452.40m, Name = "é" }, TimeSpan.FromMilliseconds(12.7))
        .Add("Compare", new[] { 1, 2 }, new { Rejected = new[] { new { Code = "unit_mismatch" } } }, TimeSpan.FromSeconds(2), tokens: 1_234, cost: 0.0150m)
        .Add("Route", "x", (string?)null, TimeSpan.Zero)
        .Close(new Score(0.920m), Noon);
}
