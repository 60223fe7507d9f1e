using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Advisor.Tests.Contract;

/// <summary>Reads YAML as JSON, by the rules of YAML 1.2 (core schema): a plain scalar may be a number, true, false or null; a quoted one is text.</summary>
internal static partial class YamlJson
{
    public static JsonElement Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, stream.Documents.Single().RootNode);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                writer.WriteStartObject();
                foreach (var (key, value) in mapping)
                {
                    writer.WritePropertyName(((YamlScalarNode)key).Value!);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case YamlSequenceNode sequence:
                writer.WriteStartArray();
                foreach (var item in sequence)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                Write(writer, scalar);
                break;
            default:
                throw new NotSupportedException($"A YAML {node.NodeType} is not read.");
        }
    }

    private static void Write(Utf8JsonWriter writer, YamlScalarNode scalar)
    {
        switch (scalar.Value!)
        {
            case var text when scalar.Style != ScalarStyle.Plain:
                writer.WriteStringValue(text);
                break;
            case "true" or "false":
                writer.WriteBooleanValue(scalar.Value == "true");
                break;
            case "" or "~" or "null":
                writer.WriteNullValue();
                break;
            case var text when Number().IsMatch(text):
                writer.WriteRawValue(text);
                break;
            case var text:
                writer.WriteStringValue(text);
                break;
        }
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
