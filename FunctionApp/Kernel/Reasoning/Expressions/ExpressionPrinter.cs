using System.Globalization;
using System.Text;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Writes an expression as text with no more parentheses than it needs; parsing the text gives an equal expression.</summary>
public static class ExpressionPrinter
{
    private const int Sum = 1;
    private const int Product = 2;
    private const int Unary = 3;

    public static string Print(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var text = new StringBuilder();
        Write(text, expression, Sum);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Expression expression, int least)
    {
        var enclosed = RankOf(expression) < least;
        if (enclosed)
        {
            text.Append('(');
        }

        switch (expression)
        {
            case Expression.Literal literal:
                text.Append(literal.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case Expression.FactReference fact:
                text.Append(fact.Id);
                break;
            case Expression.ConstantReference constant:
                text.Append(constant.Name);
                break;
            case Expression.Negation negation:
                text.Append('-');
                Write(text, negation.Operand, Unary);
                break;
            case Expression.Operation operation:
                var rank = RankOf(operation);
                Write(text, operation.Left, rank);
                text.Append(SignOf(operation.Operator));
                Write(text, operation.Right, rank + 1);
                break;
            case Expression.Call call:
                WriteCall(text, call);
                break;
        }

        if (enclosed)
        {
            text.Append(')');
        }
    }

    private static void WriteCall(StringBuilder text, Expression.Call call)
    {
        text.Append(call.Function).Append('(');
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, call.Arguments[i], Sum);
        }

        text.Append(')');
    }

    private static int RankOf(Expression expression) => expression switch
    {
        Expression.Operation { Operator: Operator.Add or Operator.Subtract } => Sum,
        Expression.Operation => Product,
        _ => Unary,
    };

    private static string SignOf(Operator sign) => sign switch
    {
        Operator.Add => " + ",
        Operator.Subtract => " - ",
        Operator.Multiply => " * ",
        _ => " / ",
    };
}
