using Advisor.Kernel.Confidence;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>A tenant without a policy on a host that starts again with other bands.</summary>
public sealed class PolicyStateTests
{
    private static readonly PolicyDefaults s_former = new(PolicyTerms.Default(BandPolicy.Default));
    private static readonly PolicyDefaults s_today = new(PolicyTerms.Default(new BandPolicy(0.9m, 0.6m)));
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Tag_OtherDefaults_IsAnother()
    {
        PolicyState.Of(null, s_former, s_now).Tag.ShouldNotBe(PolicyState.Of(null, s_today, s_now).Tag);
        PolicyState.Of(Proposed(), s_former, s_now).Tag.ShouldNotBe(PolicyState.Of(Proposed(), s_today, s_now).Tag);
        PolicyState.Of(null, s_former, s_now).Tag.ShouldBe(PolicyState.Of(null, new PolicyDefaults(PolicyTerms.Default(new BandPolicy(0.850m, 0.6m))), s_now).Tag);
    }

    /// <summary>What it loosens was told against bands that no longer hold.</summary>
    [Fact]
    public void IsStale_ProposalOnFormerDefaults_IsStale()
    {
        var (same, other) = (PolicyState.Of(Proposed(), s_former, s_now), PolicyState.Of(Proposed(), s_today, s_now));
        (same.Pending!.IsStale(same.Policy), other.Pending!.IsStale(other.Policy)).ShouldBe((false, true));
        other.PendingTag.ShouldNotBe(same.PendingTag);
    }

    private static Stored<PolicyRecord> Proposed()
    {
        var held = new TenantPolicy(s_former.Terms);
        var proposal = new PolicyProposal("p1", s_former.Terms with { ClaimMinutes = 60 }, "Why not.", "alice", s_now, s_now + PolicyProposal.Life, 0, held.Fingerprint(), []);
        return new Stored<PolicyRecord>(PolicyRecord.Current, new PolicyRecord(PolicyRecord.Current, 0, null, proposal), "e1");
    }
}
