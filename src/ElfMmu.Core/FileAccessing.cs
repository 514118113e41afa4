using Microsoft.Win32.SafeHandles;

namespace ElfMmu.Memory;

/// <summary>Reads files by system calls.</summary>
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
                    throw new EndOfStreamException("the file became shorter while it was read");
                }

                offset += (ulong)read;
                destination = destination[read..];
            }
        }
        catch (IOException e)
        {
            throw new ElfMmuException(
                "ReadFailed", ErrorKind.ReadError, $"Reading '{name}' at offset 0x{offset:x} failed: {e.Message}", e)
            { Path = name, Offset = offset };
        }
    }
}
