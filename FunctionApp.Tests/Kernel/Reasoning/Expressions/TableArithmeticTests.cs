using System.Globalization;
using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

/// <summary>
/// 711 questions over tables of annual reports, each with the arithmetic that answers it. <see cref="TablePage"/> makes facts of every number
/// printed, and <see cref="Derivation"/> an expression of every derivation: what is no structure of the arithmetic must be printed on the page.
/// The data does not give units, so they are read from print, in another way only where the one before gives a unit mismatch; the test holds how
/// many questions need each (<see cref="UnitReading"/>). The scale of the question ("million", "percent") is a matter of display and never enters.
/// </summary>
public sealed class TableArithmeticTests
{
    [Fact]
    public void Evaluate_EveryDerivation_GivesThePublishedValue()
    {
        var faults = new List<string>();
        var read = new int[3];
        foreach (var question in TableQuestion.ReadAll(Evals.Folder(TableQuestion.FolderName)))
        {
            var expression = Derivation.Translate(question.Derivation, [.. new TablePage(question, UnitReading.Narrow).Facts.Select(CitableNumber.Of)]);
            var (result, units) = TablePage.Evaluate(question, expression);
            read[(int)units]++;
            if (result is not EvaluationResult.Evaluated { Value: ExpressionValue.Amount amount } || Math.Abs((double)amount.Value - question.Value) > 1e-9 * Math.Max(Math.Abs(question.Value), 1e-12))
            {
                faults.Add($"{question.Derivation} -> {expression}: {result}, expected {question.Value.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        faults.ShouldBeEmpty(string.Join('\n', faults));
        read.Sum().ShouldBe(711);
        (read[0], read[1], read[2]).ShouldBe((704, 4, 3));
    }
}
