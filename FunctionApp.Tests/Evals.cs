using Xunit;

namespace Advisor.Tests;

/// <summary>Finds the evaluation data that lives beside the repository and is never copied into it.</summary>
public static class Evals
{
    /// <summary>Environment variable that names the folder when it is not <c>../shared/evals</c> of the repository.</summary>
    public const string Variable = "ADVISOR_EVALS";

    /// <summary>The repository's root: the nearest folder above the test assembly that holds <c>Advisor.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The full path of one data set (<c>calibration</c>); skips the running test with a message where it is absent.</summary>
    public static string Folder(string name)
    {
        var all = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given
            : Path.Combine(RepositoryRoot, "..", "shared", "evals");
        var folder = Path.GetFullPath(Path.Combine(all, name));
        Assert.SkipUnless(Directory.Exists(folder), $"The evaluation data '{name}' is not at {folder}; set {Variable} to the folder that holds it.");
        return folder;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Advisor.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository: no Advisor.sln above " + AppContext.BaseDirectory);
    }
}
