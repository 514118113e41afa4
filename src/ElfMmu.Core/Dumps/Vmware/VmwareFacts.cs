using System.Text;
using System.Text.RegularExpressions;

namespace ElfMmu.Dumps;

/// <summary>What the state of a VMware machine says of the product and the machine's configuration.</summary>
/// <param name="state">The state.</param>
internal sealed partial class VmwareFacts(VmwareState state)
{
    private const int MostText = 1 << 20;

    // Of all values of a group together, so that what unpacks to much can't be read over and over.
    private const int MostTextOfGroup = 8 << 20;
    private const int Arm = 3;

    // The lines of a .vmx file that name the machine.
    private static readonly Dictionary<string, string> Wanted = new(StringComparer.OrdinalIgnoreCase)
    {
        ["displayName"] = "VirtualMachine",
        ["guestOS"] = "GuestType",
        ["uuid.bios"] = "Uuid",
    };

    /// <summary>The machine's memory in bytes as it is configured; null when the state doesn't say.</summary>
    public ulong? MemorySize { get; private set; }

    /// <summary>Whether the machine is a 64-bit ARM.</summary>
    public bool IsArm { get; private set; }

    /// <summary>Reads them. O(values of two groups).</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Read()
    {
        var details = new List<KeyValuePair<string, object>>();
        string? product = null;
        string? version = null;
        string? build = null;
        foreach (VmwareTag tag in state.Tags("Checkpoint"))
        {
            switch (tag.Name)
            {
                case "ProductName":
                    product = Text(tag);
                    break;
                case "VersionNumber":
                    version = Text(tag);
                    break;
                case "BuildNumber":
                    build = Text(tag);
                    break;
                case "memSize" when state.Number(tag) is { } size and > 0 and <= 1UL << 32:
                    MemorySize = size << 20;
                    break;
                case "Platform":
                    IsArm = state.Number(tag) == Arm;
                    break;
            }
        }

        Add("Product", product);
        Add("ProductVersion", version);
        Add("ProductBuild", build);
        AddConfiguration(details);
        return details;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                details.Add(KeyValuePair.Create<string, object>(name, value));
            }
        }
    }

    [GeneratedRegex("""^[ \t]*(?<key>[A-Za-z][\w.]*)[ \t]*=[ \t]*"(?<value>[^"\r\n]*)"[ \t\r]*$""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    /// <summary>The snapshot's group has the machine's .vmx file in it, under a name that isn't told anywhere; its lines are plain to see.</summary>
    private void AddConfiguration(List<KeyValuePair<string, object>> details)
    {
        ulong left = MostTextOfGroup;
        foreach (VmwareTag tag in state.Tags("Snapshot"))
        {
            if (tag.MemorySize < 16 || tag.MemorySize > left || state.Bytes(tag, MostText) is not { } bytes)
            {
                continue;
            }

            left -= tag.MemorySize;

            foreach (Match line in Line().Matches(Encoding.UTF8.GetString(bytes)))
            {
                if (Wanted.TryGetValue(line.Groups["key"].Value, out string? name) && !details.Exists(d => d.Key == name))
                {
                    details.Add(KeyValuePair.Create<string, object>(name, line.Groups["value"].Value));
                }
            }
        }
    }

    private string? Text(in VmwareTag tag)
    {
        if (state.Bytes(tag, 4096) is not { } bytes)
        {
            return null;
        }

        int end = Array.IndexOf(bytes, (byte)0);
        string text = Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end).Trim();
        return text.Any(char.IsControl) ? null : text;
    }
}
