namespace Advisor.Insights.Proposing;

/// <summary>How much room a text takes in a prompt, where what fits is chosen. What a call may cost is bounded by the gateway, which counts from above.</summary>
public static class Tokens
{
    /// <summary>An estimate for English prose and tables: three characters a token.</summary>
    public static int Of(string text) => (text.Length + 2) / 3;
}
