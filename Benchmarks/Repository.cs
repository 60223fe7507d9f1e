namespace Advisor.Benchmarks;

/// <summary>The checkout that the benches run in.</summary>
internal static class Repository
{
    /// <exception cref="BenchException">The benches run outside a checkout.</exception>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (System.IO.File.Exists(Path.Combine(folder.FullName, "Advisor.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new BenchException("The benches run inside a checkout of the repository.");
        }
    }

    public static string File(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);
}
