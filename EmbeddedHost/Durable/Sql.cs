using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Durable;

/// <summary>Prepared statements with positional parameters <c>$0, $1, ...</c>, kept per connection.</summary>
/// <remarks>A connection serves one thread at a time, so its statements do too. A query reads all its rows before it returns.</remarks>
internal static class Sql
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Prepared = [];

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Bind(connection, sql, values).ExecuteNonQuery();

    public static List<T> Query<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bind(connection, sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public static T? First<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
        where T : class
    {
        using var reader = Bind(connection, sql, values).ExecuteReader();
        return reader.Read() ? row(reader) : null;
    }

    public static long? Number(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Bind(connection, sql, values).ExecuteScalar() as long?;

    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTime Time(this SqliteDataReader reader, int column) => new(reader.GetInt64(column), DateTimeKind.Utc);

    private static SqliteCommand Bind(SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        var statements = Prepared.GetOrCreateValue(connection);
        if (!statements.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is always one of our constants; values go in as parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            statements.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                DateTime time => time.Ticks,
                var value => value,
            };
        }

        return command;
    }
}
