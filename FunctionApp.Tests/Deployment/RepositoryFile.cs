namespace Advisor.Tests.Deployment;

/// <summary>Files of the repository that no program here reads at run time.</summary>
internal static class RepositoryFile
{
    /// <summary>The text of a file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(PathOf(path));

    public static string PathOf(string path) => Path.Combine(Evals.RepositoryRoot, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The rows of the first Markdown table below a heading: the cells as they stand, without the spaces around them.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Table(string path, string heading)
    {
        var lines = Read(path).Split('\n');
        var start = Array.FindIndex(lines, line => line == heading);
        return
        [
            .. lines.Skip(start + 1).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
                .Select(line => (IReadOnlyList<string>)[.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())]),
        ];
    }
}
