using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>What is known while a dump is being opened, and how its pieces are opened.</summary>
/// <param name="Path">The full path of the file opened.</param>
/// <param name="RamBase">Where a raw image begins, where it was given.</param>
/// <param name="Layout">Where the pieces of a raw image were, where that was given.</param>
/// <param name="Description">The machine description beside the dump, where one was given.</param>
/// <param name="Remarks">Takes choices made, for the verbose stream.</param>
/// <param name="Cancellation">Ends long work, such as unpacking.</param>
internal sealed record DumpOpening(
    string Path, ulong? RamBase, RawLayout? Layout, MachineDescription? Description, List<string> Remarks, CancellationToken Cancellation)
{
    /// <summary>Opens a file, unpacking it first if it is compressed.</summary>
    public DataSource OpenSource(string path)
    {
        DataSource source = DataSourceFactory.Open(path);
        try
        {
            Span<byte> head = stackalloc byte[2];
            if (source.Length < 18)
            {
                return source;
            }

            source.Read(0, head);
            if (!Gzip.Matches(head))
            {
                return source;
            }

            DataSource unpacked = Gzip.Unpack(source, Cancellation);
            Remarks.Add($"'{path}' is gzip; its {unpacked.Length} bytes were unpacked to a temporary file.");
            source.Dispose();
            return unpacked;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
