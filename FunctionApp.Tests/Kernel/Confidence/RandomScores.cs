using Advisor.Kernel.Confidence;
using FsCheck;
using FsCheck.Fluent;

namespace Advisor.Tests.Kernel.Confidence;

internal static class RandomScores
{
    public static Gen<Score> Score { get; } = Gen.OneOf(Gen.Choose(0, 1000).Select(n => new Score(n / 1000m)), Gen.Elements(new Score(0), new Score(1), new Score(0.85m), new Score(0.6m)));

    public static Gen<Score?> Maybe { get; } = Gen.OneOf(Score.Select(score => (Score?)score), Gen.Constant((Score?)null));

    public static Gen<Signals> Signals { get; } =
        from scores in Gen.ArrayOf(Maybe, 6)
        select new Signals { Grounding = scores[0], Reading = scores[1], Agreement = scores[2], Proof = scores[3], Model = scores[4], History = scores[5] };

    public static Gen<RouteOverrides> Overrides { get; } =
        from flags in Gen.ArrayOf(Gen.Elements(true, false, false), 4)
        select new RouteOverrides { FailedProof = flags[0], MaterialAmount = flags[1], InjectedInstruction = flags[2], UnknownGrounding = flags[3] };

    public static Gen<Graded[]> Graded { get; } = Gen.ArrayOf(
        from confidence in Gen.Choose(0, 20)
        from correct in Gen.Elements(true, true, false)
        select new Graded(new Score(confidence / 20m), correct));
}
