using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>Whether a computed amount is the value that a question's key gives. The rule is given in docs/evaluation.md.</summary>
internal static class AnswerJudgement
{
    /// <summary>Relative to the key's value: keys are binary fractions, and pages print few digits.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Answers are published with two decimals; a little more for halves that no binary fraction is.</summary>
    private const double HalfOfLastDigit = 0.005 + 1e-9;

    public static bool IsRight(decimal computed, Unit unit, TableQuestion key)
    {
        var value = (double)computed;
        if (key.Scale != AnswerScale.Percent)
        {
            // A percentage is its hundredth where the key has a plain number.
            return IsNear(value, key.Value) || Rounds(value, key.Answer) || (unit == Unit.Percent && IsNear(value / 100, key.Value));
        }

        // Of shares and changes the key's value is the quotient; of differences and averages of percentages it is in percent already. The answer tells which.
        var inPercent = Rounds(key.Value, key.Answer) ? key.Value : key.Value * 100;
        return IsNear(value, inPercent) || Rounds(value, key.Answer) || (unit != Unit.Percent && IsNear(value, key.Value));
    }

    private static bool IsNear(double value, double expected) => Math.Abs(value - expected) <= Tolerance * Math.Abs(expected);

    private static bool Rounds(double value, double answer) => Math.Abs(value - answer) <= HalfOfLastDigit;
}
