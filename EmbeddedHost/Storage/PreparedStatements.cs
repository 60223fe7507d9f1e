using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>Keeps commands prepared per connection: parsing SQL costs more than running the short statements used here.</summary>
/// <remarks>A command may be used again only after its reader is closed, and never by two threads: a connection has one user at a time.</remarks>
internal static class PreparedStatements
{
    private const int MostPerConnection = 256;

    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Cache = [];

    /// <summary>The prepared command for this SQL on this connection, with the given parameter values (null becomes SQL NULL).</summary>
    /// <param name="values">Always the same names in the same order for one SQL text.</param>
    public static SqliteCommand Prepared(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var commands = Cache.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            if (commands.Count >= MostPerConnection)
            {
                Release(connection);
                commands = Cache.GetOrCreateValue(connection);
            }

            command = connection.CreateCommand();
            command.CommandText = sql;
            commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i].Value ?? DBNull.Value;
            if (i < command.Parameters.Count)
            {
                command.Parameters[i].Value = value;
            }
            else
            {
                command.Parameters.AddWithValue(values[i].Name, value);
            }
        }

        return command;
    }

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public static int Run(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        connection.Prepared(sql, values).ExecuteNonQuery();

    /// <summary>The rows of a query, each made by <paramref name="row"/>.</summary>
    public static List<T> Rows<T>(
        this SqliteConnection connection, Func<SqliteDataReader, T> row, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = connection.Prepared(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Disposes the connection's commands, before the connection itself is closed.</summary>
    public static void Release(SqliteConnection connection)
    {
        if (Cache.TryGetValue(connection, out var commands))
        {
            foreach (var command in commands.Values)
            {
                command.Dispose();
            }

            Cache.Remove(connection);
        }
    }
}
