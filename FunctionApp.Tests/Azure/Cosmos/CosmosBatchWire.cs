using System.Reflection;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>The body of a batch on the wire: rows of a binary format whose layouts the client's assembly holds.</summary>
internal static class CosmosBatchWire
{
    private static readonly Type s_schemas = typeof(CosmosClient).Assembly.GetType("Microsoft.Azure.Cosmos.BatchSchemaProvider", throwOnError: true)!;
    private static readonly LayoutResolver s_layouts = Schema<LayoutResolver>("BatchLayoutResolver");
    private static readonly Layout s_result = Schema<Layout>("BatchResultLayout");

    /// <summary>The kind (4 is an upsert) and the document of each operation.</summary>
    public static async Task<List<(int Kind, byte[] Document)>> ReadAsync(byte[] body)
    {
        var operations = new List<(int, byte[])>();
        var result = await new MemoryStream(body).ReadRecordIOAsync(
            (ReadOnlyMemory<byte> record) =>
            {
                operations.Add(Operation(record));
                return Result.Success;
            },
            resizer: new MemorySpanResizer<byte>(body.Length));
        return result == Result.Success ? operations : throw new InvalidDataException($"The batch cannot be read: {result}.");
    }

    public static async Task<byte[]> WriteAsync(IReadOnlyList<(int Status, string? ETag)> results)
    {
        var body = new MemoryStream();
        await body.WriteRecordIOAsync(default, (long index, out ReadOnlyMemory<byte> buffer) =>
        {
            buffer = index < results.Count ? Row(results[(int)index]) : ReadOnlyMemory<byte>.Empty;
            return Result.Success;
        });
        return body.ToArray();
    }

    private static (int Kind, byte[] Document) Operation(ReadOnlyMemory<byte> record)
    {
        var row = new RowBuffer(record.Length);
        if (!row.ReadFrom(record.Span, HybridRowVersion.V1, s_layouts))
        {
            throw new InvalidDataException("An operation cannot be read.");
        }

        var (kind, document) = (0, Array.Empty<byte>());
        var reader = new RowReader(ref row);
        while (reader.Read())
        {
            switch (reader.Path.ToString())
            {
                case "operationType":
                    reader.ReadInt32(out kind);
                    break;
                case "resourceBody":
                    reader.ReadBinary(out document);
                    break;
            }
        }

        return (kind, document);
    }

    private static byte[] Row((int Status, string? ETag) result)
    {
        var resizer = new MemorySpanResizer<byte>(256);
        var row = new RowBuffer(256, resizer);
        row.InitLayout(HybridRowVersion.V1, s_result, s_layouts);
        var written = RowWriter.WriteBuffer(ref row, result, (ref RowWriter writer, TypeArgument _, (int Status, string? ETag) values) =>
        {
            var done = writer.WriteInt32("statusCode", values.Status);
            return done == Result.Success && values.ETag is not null ? writer.WriteString("eTag", values.ETag) : done;
        });
        return written == Result.Success ? resizer.Memory[..row.Length].ToArray() : throw new InvalidDataException($"A result cannot be written: {written}.");
    }

    private static T Schema<T>(string property) =>
        (T)s_schemas.GetProperty(property, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;
}
