namespace Advisor.Documents.Reading.Pages;

/// <summary>What slope of a page's text counts as a page laid askew on the scanner.</summary>
internal static class PageSkew
{
    /// <summary>Less is noise of the letters' feet; more is not a page laid askew but something else.</summary>
    private const double Min = 0.001;

    private const double Max = 0.08;

    /// <param name="slope">Points that a line falls for each point to the right.</param>
    /// <returns>The slope, or 0 where it does not count.</returns>
    public static double Of(double slope) => Math.Abs(slope) is > Min and < Max ? Math.Round(slope, 5) : 0;
}
