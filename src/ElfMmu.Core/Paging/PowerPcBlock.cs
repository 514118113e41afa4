namespace ElfMmu.Paging;

/// <summary>The BATs that match an address, for each side and privilege; null where none does.</summary>
/// <param name="Data">For the supervisor's data.</param>
/// <param name="Instructions">For the supervisor's instructions.</param>
/// <param name="UserData">For the user's data.</param>
/// <param name="UserInstructions">For the user's instructions.</param>
internal readonly record struct PowerPcBlock(
    PowerPcBat? Data, PowerPcBat? Instructions, PowerPcBat? UserData, PowerPcBat? UserInstructions)
{
    /// <summary>Whether the address is left to its segment altogether.</summary>
    public bool IsEmpty => Data == null && Instructions == null && UserData == null && UserInstructions == null;

    /// <summary>
    /// What an address leads to at a privilege. A BAT that matches wins over the segment, even if it gives no rights, for its own
    /// side and privilege only.
    /// </summary>
    public PowerPcTranslation Translate(uint address, PowerPcSegment segment, PowerPcPage? page, bool user) =>
        PowerPcTranslation.Join(
            (user ? UserData : Data)?.Data(address) ?? page?.Data(segment, user) ?? default,
            (user ? UserInstructions : Instructions)?.Instructions(address) ?? page?.Instructions(segment, user) ?? default);
}
