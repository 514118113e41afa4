using Microsoft.Win32.SafeHandles;

namespace ElfMmu;

/// <summary>What reading an input file by system calls needs in more than one place.</summary>
internal static class FileReading
{
    /// <summary>Reads exactly as much as the destination holds.</summary>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    public static void ReadExactly(SafeFileHandle file, string name, ulong offset, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(file, destination, (long)offset);
                if (read == 0)
                {
                    throw Shorter(name, offset);
                }

                offset += (ulong)read;
                destination = destination[read..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException(
                "ReadFailed", ErrorKind.ReadError, $"Reading '{name}' at offset 0x{offset:x} failed: {e.Message}", e)
            { Path = name, Offset = offset };
        }
    }

    /// <summary>Throws when a file no longer has the length it was opened with: what is behind its end isn't zeros, but lost.</summary>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    public static void CheckLength(SafeFileHandle file, string name, ulong length)
    {
        ulong now = (ulong)RandomAccess.GetLength(file);
        if (now < length)
        {
            throw Shorter(name, now);
        }
    }

    /// <summary>The file a path leads to in the end, as a full path; the path itself where it is no symbolic link.</summary>
    public static string FinalTarget(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }

    private static ElfMmuException Shorter(string name, ulong offset) => new(
        "ReadFailed",
        ErrorKind.ReadError,
        $"'{name}' became shorter while it was read: it ends at offset 0x{offset:x} now. Whoever writes to it must be done first.")
    { Path = name, Offset = offset };
}
