using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static Advisor.Kernel.Reasoning.Expressions.ExpressionValue;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

public sealed class ExpressionEvaluatorTests
{
    private static readonly EvaluationContext Context = new(
        Facts.ById(
            Facts.Of("frev", 1_200, period: new Period(new DateOnly(2022, 12, 31), 12, 2022)),
            Facts.Of("fprior", 1_000, period: new Period(new DateOnly(2020, 12, 31), 12, 2020)),
            Facts.Of("fweeks52", 900, period: new Period(new DateOnly(2019, 12, 28), 12, null)),
            Facts.Of("fweeks53", 910, period: new Period(new DateOnly(2021, 1, 2), 12, null)),
            Facts.Of("floss", -50),
            Facts.Of("fzero", 0),
            Facts.Of("feur", 7, currency: "EUR"),
            Facts.Of("funknown", 7, currency: null),
            Facts.Of("fshares", 400, Unit.Shares),
            Facts.Of("feps", 3, Unit.CurrencyPerShare),
            Facts.Of("frate", 12.5m, Unit.Percent),
            Facts.Of("fcount", 8, Unit.Number, label: "3M stores"),
            Facts.Of("fmax", decimal.MaxValue)),
        "3M Company",
        "Form 10-K");

    [Theory]
    [InlineData("frev + fprior", "2200", Unit.Currency, "USD")]
    [InlineData("frev - fprior * 2", "-800", Unit.Currency, "USD")]
    [InlineData("-(frev - fprior) / 4", "-50", Unit.Currency, "USD")]
    [InlineData("pct(frev, fprior)", "20", Unit.Percent, null)]
    [InlineData("pct(frev, floss)", "2500", Unit.Percent, null)]
    [InlineData("share(fprior, frev - fprior)", "500", Unit.Percent, null)]
    [InlineData("ratio(frev, fprior)", "1.2", Unit.Number, null)]
    [InlineData("frev / fprior", "1.2", Unit.Number, null)]
    [InlineData("frev / fprior - 1", "0.2", Unit.Number, null)]
    [InlineData("frev / fshares", "3", Unit.CurrencyPerShare, "USD")]
    [InlineData("frev / feps", "400", Unit.Shares, null)]
    [InlineData("fshares * feps", "1200", Unit.Currency, "USD")]
    [InlineData("feps * fshares", "1200", Unit.Currency, "USD")]
    [InlineData("frate * frev", "150", Unit.Currency, "USD")]
    [InlineData("frev / frate", "9600", Unit.Currency, "USD")]
    [InlineData("frate + frate", "25", Unit.Percent, null)]
    [InlineData("frate * 2", "25", Unit.Percent, null)]
    [InlineData("frate * frate", "1.5625", Unit.Percent, null)]
    [InlineData("sum(frev, fprior, floss)", "2150", Unit.Currency, "USD")]
    [InlineData("avg(frev, fprior)", "1100", Unit.Currency, "USD")]
    [InlineData("min(frev, floss)", "-50", Unit.Currency, "USD")]
    [InlineData("max(frev, floss)", "1200", Unit.Currency, "USD")]
    [InlineData("abs(floss)", "50", Unit.Currency, "USD")]
    [InlineData("round(frate, 0)", "13", Unit.Percent, null)]
    [InlineData("round(-frate, 0)", "-13", Unit.Percent, null)]
    [InlineData("cagr(fprior, frev, 1)", "20", Unit.Percent, null)]
    [InlineData("cagr(fprior, frev, years(fprior, frev))", "9.54451150103322269139", Unit.Percent, null)]
    [InlineData("years(fprior, frev)", "2", Unit.Number, null)]
    [InlineData("years(fweeks52, fweeks53)", "1", Unit.Number, null)]
    [InlineData("altman.distress - beneish.threshold", "3.59", Unit.Number, null)]
    [InlineData("fcount * 365", "2920", Unit.Number, null)]
    public void Evaluate_Arithmetic_GivesValueAndUnit(string text, string value, Unit unit, string? currency) =>
        ValueOf(text).ShouldBe(new Amount(decimal.Parse(value, CultureInfo.InvariantCulture), unit, currency));

    [Theory]
    [InlineData("period(frev)", "FY2022")]
    [InlineData("label(fcount)", "3M stores")]
    [InlineData("company()", "3M Company")]
    [InlineData("form()", "Form 10-K")]
    public void Evaluate_NameOfTheDocument_GivesText(string text, string expected) => ValueOf(text).ShouldBe(new Text(expected));

    [Theory]
    [InlineData("frev + fshares", "unit_mismatch")]
    [InlineData("frev + feur", "unit_mismatch")]
    [InlineData("frev + funknown", "unit_mismatch")]
    [InlineData("frev + frate", "unit_mismatch")]
    [InlineData("frev + 100", "unit_mismatch")]
    [InlineData("frate + 1", "unit_mismatch")]
    [InlineData("frev * frev", "unit_mismatch")]
    [InlineData("1 / frev", "unit_mismatch")]
    [InlineData("frev / feur", "unit_mismatch")]
    [InlineData("fshares / frev", "unit_mismatch")]
    [InlineData("feur / feps", "unit_mismatch")]
    [InlineData("pct(frev, fshares)", "unit_mismatch")]
    [InlineData("ratio(frev, feur)", "unit_mismatch")]
    [InlineData("sum(frev, fprior, fcount)", "unit_mismatch")]
    [InlineData("min(frev, frate)", "unit_mismatch")]
    [InlineData("cagr(frev, feur, 2)", "unit_mismatch")]
    [InlineData("frev / fzero", "division_by_zero")]
    [InlineData("frev / (frev - frev)", "division_by_zero")]
    [InlineData("pct(frev, fzero)", "division_by_zero")]
    [InlineData("ratio(frev, fzero)", "division_by_zero")]
    [InlineData("cagr(fzero, frev, 2)", "division_by_zero")]
    [InlineData("cagr(frev, fprior, 0)", "division_by_zero")]
    [InlineData("cagr(floss, frev, 2)", "out_of_domain")]
    [InlineData("cagr(frev, floss, 2)", "out_of_domain")]
    [InlineData("cagr(frev, fprior, -2)", "out_of_domain")]
    [InlineData("round(frev, -1)", "out_of_domain")]
    [InlineData("round(frev, 100)", "out_of_domain")]
    [InlineData("round(frev, fprior)", "out_of_domain")]
    [InlineData("fmax + fmax", "overflow")]
    [InlineData("fmax * fcount", "overflow")]
    [InlineData("pct(fmax, floss)", "overflow")]
    [InlineData("nosuch(frev)", "unknown_function")]
    [InlineData("PCT(frev, fprior)", "unknown_function")]
    [InlineData("pct(frev)", "wrong_arity")]
    [InlineData("sum()", "cites_nothing")]
    [InlineData("frev * sum()", "literal_arithmetic")]
    [InlineData("company(frev)", "wrong_arity")]
    [InlineData("fnone", "unknown_fact")]
    [InlineData("period(fnone)", "unknown_fact")]
    [InlineData("altman.nosuch", "unknown_constant")]
    [InlineData("period(frev + fprior)", "fact_expected")]
    [InlineData("years(frev, altman.safe)", "fact_expected")]
    [InlineData("period(floss)", "not_stated")]
    [InlineData("years(frev, floss)", "not_stated")]
    [InlineData("frev + label(frev)", "text_is_no_number")]
    [InlineData("-company()", "text_is_no_number")]
    [InlineData("sum(period(frev))", "text_is_no_number")]
    public void Evaluate_Invalid_NamesTheFault(string text, string code)
    {
        var failed = ExpressionEvaluator.Evaluate(text, Context).ShouldBeOfType<EvaluationResult.Failed>();

        failed.Error.Code.ShouldBe(code, failed.Error.Message);
        failed.Error.Message.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Evaluate_NoCompanyGiven_IsNotStated() =>
        ExpressionEvaluator.Evaluate("company()", Context with { Company = null })
            .ShouldBe(new EvaluationResult.Failed(new ExpressionError.NotStated("the company's name")));

    [Fact]
    public void Evaluate_Aliases_CiteTheRealFacts()
    {
        var context = Context with { Aliases = new Dictionary<string, string> { ["f1"] = "frev", ["f2"] = "fprior" } };

        var evaluated = ExpressionEvaluator.Evaluate("pct(f1, f2) * altman.safe + pct(frev, f2)", context).ShouldBeOfType<EvaluationResult.Evaluated>();

        evaluated.FactIds.ShouldBe(["frev", "fprior"]);
        evaluated.Constants.ShouldBe(["altman.safe"]);
    }

    [Fact]
    public void Evaluate_ManyNumbers_AgreesWithDoubleArithmetic()
    {
        var values = Gen.ArrayOf(Gen.Choose(-1_000_000, 1_000_000), RandomExpressions.FactIds.Length).ToArbitrary();
        Prop.ForAll(RandomExpressions.Any, values, (expression, numbers) =>
        {
            var facts = RandomExpressions.FactIds.Zip(numbers, (id, number) => Facts.Of(id, number / 100m, Unit.Number)).ToList();
            var model = new DoubleModel(facts.ToDictionary(fact => fact.Id, fact => (double)fact.Value));
            var expected = model.QuantityOf(expression);
            return ExpressionEvaluator.Evaluate(expression, new EvaluationContext(Facts.ById(facts))) switch
            {
                EvaluationResult.Evaluated { Value: Amount amount } => model.IsNear(amount, expected),
                EvaluationResult.Failed { Error: ExpressionError.DivisionByZero } => model.DividesByAlmostNothing,
                EvaluationResult.Failed { Error: ExpressionError.Overflow } => model.DividesByAlmostNothing || !(model.Peak < 1e24),
                EvaluationResult.Failed { Error: ExpressionError.UnitMismatch } => UsesPercent(expression),
                _ => false,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void Evaluate_RandomText_NeverThrows()
    {
        var pieces = Gen.Elements("frev", "fmax", "fzero", "fnone", "pct(", "cagr(", "round(", "years(", "(", ")", ",", "+", "-", "*", "/", "2", "100", "company()", "beneish.accruals");
        Prop.ForAll(Gen.ListOf(pieces).Select(string.Concat).ToArbitrary(), text => ExpressionEvaluator.Evaluate(text, Context) is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Theory]
    [InlineData("frev", """{"value":1200,"unit":"currency","currency":"USD"}""")]
    [InlineData("pct(frev, fprior)", """{"value":20.0,"unit":"percent"}""")]
    [InlineData("period(frev)", """{"text":"FY2022"}""")]
    public void Json_OfAValue_RoundTrips(string text, string json)
    {
        var value = ValueOf(text);

        JsonSerializer.Serialize(value, AdvisorJson.Options).ShouldBe(json);
        JsonSerializer.Deserialize<ExpressionValue>(json, AdvisorJson.Options).ShouldBe(value);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"value":1}""")]
    [InlineData("""{"value":1,"unit":"number","text":"x"}""")]
    public void Json_OfNoValue_IsRefused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<ExpressionValue>(json, AdvisorJson.Options));

    private static ExpressionValue ValueOf(string text) =>
        ExpressionEvaluator.Evaluate(text, Context).ShouldBeOfType<EvaluationResult.Evaluated>().Value;

    private static bool UsesPercent(Expression expression) => ExpressionPrinter.Print(expression) is var text && (text.Contains("pct(") || text.Contains("share("));

    /// <summary>The language in floating point and without units: a percentage is its hundredth.</summary>
    private sealed class DoubleModel(IReadOnlyDictionary<string, double> facts)
    {
        /// <summary>Largest size met on the way; NaN once anything was no number.</summary>
        public double Peak { get; private set; }

        public double LeastDivisor { get; private set; } = double.PositiveInfinity;

        /// <summary>A divisor is so small, beside what else was met, that floating point can't tell it from zero.</summary>
        public bool DividesByAlmostNothing => !(LeastDivisor > Math.Max(1e-9, 1e-12 * Peak));

        // The model's own error: some ulps of the largest number met, blown up by the smallest divisor.
        public bool IsNear(Amount actual, double expected) =>
            DividesByAlmostNothing
            || Math.Abs(((double)actual.Value / (actual.Unit == Unit.Percent ? 100 : 1)) - expected) <= Math.Max(1, Peak) * Math.Max(1e-9, 1e-12 * Peak / LeastDivisor);

        public double QuantityOf(Expression expression)
        {
            var quantity = Compute(expression);
            Peak = double.IsNaN(quantity) || double.IsNaN(Peak) ? double.NaN : Math.Max(Peak, Math.Abs(quantity));
            return quantity;
        }

        private double Compute(Expression expression) => expression switch
        {
            Expression.Literal literal => (double)literal.Value,
            Expression.FactReference fact => facts[fact.Id],
            Expression.ConstantReference constant => (double)NamedConstants.Find(constant.Name)!.Value,
            Expression.Negation negation => -QuantityOf(negation.Operand),
            Expression.Operation operation => (operation.Operator, QuantityOf(operation.Left), QuantityOf(operation.Right)) switch
            {
                (Operator.Add, var a, var b) => a + b,
                (Operator.Subtract, var a, var b) => a - b,
                (Operator.Multiply, var a, var b) => a * b,
                var (_, a, b) => Quotient(a, b),
            },
            Expression.Call call => (call.Function, call.Arguments.Select(QuantityOf).ToArray()) switch
            {
                ("sum", var all) => all.Sum(),
                ("avg", var all) => all.Average(),
                ("min", var all) => all.Min(),
                ("max", var all) => all.Max(),
                ("pct", var all) => Quotient(all[0] - all[1], Math.Abs(all[1])),
                (_, var all) => Quotient(all[0], all[1]),
            },
            _ => throw new InvalidOperationException(),
        };

        private double Quotient(double a, double b)
        {
            LeastDivisor = Math.Min(LeastDivisor, Math.Abs(b));
            return a / b;
        }
    }
}
