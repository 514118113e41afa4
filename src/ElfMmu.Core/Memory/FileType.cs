using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ElfMmu.Memory;

/// <summary>
/// What kind of file a path names, told without opening it: opening a pipe waits for somebody who writes to it, and nothing ends that. .NET doesn't
/// tell pipes from empty files. Only Linux is asked, where the answer has the same layout on every processor.
/// </summary>
/// <remarks>statx(2), stat(2).</remarks>
internal static class FileType
{
    private const int CurrentFolder = -100;
    private const uint WantsType = 1;
    private const int AnswerSize = 256;
    private const int ModeOffset = 28;

    /// <summary>Says in words what a path names that can't be read at any offset; null if it can, or nobody knows. Links are followed.</summary>
    public static string? Unreadable(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        byte[] answer = new byte[AnswerSize];
        try
        {
            if (Stat(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), 0, WantsType, answer) != 0)
            {
                // Opening it says why.
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A library older than 2018.
            return null;
        }

        int mode = BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(ModeOffset)) : BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(ModeOffset));
        return (mode >> 12) switch
        {
            1 => "a pipe",
            2 => "a character device",
            12 => "a socket",
            _ => null,
        };
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Stat(int folder, byte[] path, int flags, uint mask, byte[] answer);
}
