namespace Advisor.Tests.Deployment.Bicep;

/// <param name="IsRequired">It has no default.</param>
internal sealed record BicepParameter(string Name, string Type, bool IsRequired);

/// <param name="Type">With its version: <c>Microsoft.KeyVault/vaults@2026-02-01</c>.</param>
internal sealed record BicepResource(string Symbol, string Type, bool IsExisting, BicepNode Body);

/// <param name="Path">As written, from the folder of the file.</param>
internal sealed record BicepModule(string Symbol, string Path, BicepNode Body)
{
    /// <summary>The object behind a condition.</summary>
    public BicepNode Object => Body.Kind == BicepKind.Object ? Body : Body.All().First(node => node.Kind == BicepKind.Object);
}

/// <summary>A Bicep file: what it declares and what it uses.</summary>
internal sealed class BicepFile
{
    public required string Path { get; init; }

    public List<BicepParameter> Parameters { get; } = [];

    public Dictionary<string, BicepNode> Variables { get; } = new(StringComparer.Ordinal);

    public List<BicepResource> Resources { get; } = [];

    public List<BicepModule> Modules { get; } = [];

    public Dictionary<string, BicepNode> Outputs { get; } = new(StringComparer.Ordinal);

    public List<string> Types { get; } = [];

    /// <summary>Every expression of the file.</summary>
    public List<BicepNode> Expressions { get; } = [];

    public IEnumerable<BicepNode> AllNodes => Expressions.SelectMany(expression => expression.All());

    public static BicepFile Read(string path) => Parse(path, RepositoryFile.Read(path));

    /// <exception cref="FormatException">The file is not of the language; the message says where.</exception>
    public static BicepFile Parse(string path, string source) => new Statements(source).File(path);

    private sealed class Statements(string source) : BicepExpressions(source)
    {
        public BicepFile File(string path)
        {
            var file = new BicepFile { Path = path };
            while (!IsAtEnd)
            {
                Statement(file);
            }

            return file;
        }

        private void Statement(BicepFile file)
        {
            if (Takes("@"))
            {
                file.Expressions.Add(Expression());
                return;
            }

            var keyword = Word();
            var name = keyword == "targetScope" ? "" : Word();
            switch (keyword)
            {
                case "targetScope" or "metadata":
                    Value(file);
                    break;
                case "type":
                    Expect("=");
                    UpToEndOfLine(null);
                    file.Types.Add(name);
                    break;
                case "param":
                    var type = UpToEndOfLine('=');
                    var isRequired = !Takes("=");
                    file.Parameters.Add(new BicepParameter(name, type.Trim(), isRequired));
                    if (!isRequired)
                    {
                        Add(file, Expression());
                    }

                    break;
                case "var":
                    file.Variables.Add(name, Value(file));
                    break;
                case "output":
                    UpToEndOfLine('=');
                    file.Outputs.Add(name, Value(file));
                    break;
                case "resource":
                    var of = PlainText();
                    file.Resources.Add(new BicepResource(name, of, TakesWord("existing"), Value(file)));
                    break;
                case "module":
                    file.Modules.Add(new BicepModule(name, PlainText(), Value(file)));
                    break;
                default:
                    throw Fault($"'{keyword}' begins no statement; something is wrong");
            }
        }

        private BicepNode Value(BicepFile file)
        {
            Expect("=");
            return Add(file, Body());
        }

        private static BicepNode Add(BicepFile file, BicepNode expression)
        {
            file.Expressions.Add(expression);
            return expression;
        }
    }
}
