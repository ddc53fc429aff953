/* SPDX-License-Identifier: MIT */
/* The shim keeps the promises that tests/world/shim/script.h makes about the token. */
#include "tests/unit/shim-host.h"

static CK_FLAGS token_flags(void)
{
	CK_TOKEN_INFO info;

	assert_int_equal(shim.p11->C_GetTokenInfo(shim.slot, &info), CKR_OK);
	return info.flags;
}

static void a_removed_card_stays_away(void **state)
{
	CK_SLOT_INFO info;
	CK_ULONG count = 9;

	(void)state;
	open_session("C_Login removed\n");
	assert_int_equal(count_objects(CKO_CERTIFICATE), 2);
	assert_int_equal(login(PIN), CKR_DEVICE_REMOVED);
	assert_int_equal(login(PIN), CKR_TOKEN_NOT_PRESENT);
	assert_int_equal(shim.p11->C_FindObjectsInit(shim.session, NULL, 0), CKR_TOKEN_NOT_PRESENT);
	assert_int_equal(count_slots(&count), CKR_OK);
	assert_int_equal(count, 0);
	assert_int_equal(shim.p11->C_GetSlotInfo(shim.slot, &info), CKR_OK);
	assert_false(info.flags & CKF_TOKEN_PRESENT);
	assert_int_equal(shim.p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	assert_true(count > 0);
}

static void a_card_pulled_during_a_call_may_have_done_the_work(void **state)
{
	CK_OBJECT_HANDLE object;

	(void)state;
	open_session("C_CreateObject after removed once pulled\n");
	assert_int_equal(create_data(&object), CKR_DEVICE_REMOVED);
	assert_int_equal(login(PIN), CKR_TOKEN_NOT_PRESENT);
	unload(NULL);
	open_session("C_CreateObject after removed once pulled\n");
	assert_int_equal(create_data(&object), CKR_OK);
}

static void token_flags_are_set_and_cleared(void **state)
{
	(void)state;
	open_session("flags +FINAL_TRY +WRITE_PROTECTED -0x4\n");
	assert_true(token_flags() & CKF_USER_PIN_FINAL_TRY);
	assert_true(token_flags() & CKF_WRITE_PROTECTED);
	assert_false(token_flags() & CKF_LOGIN_REQUIRED);
	assert_true(token_flags() & CKF_TOKEN_INITIALIZED);
}

static void a_card_is_inserted_with_its_file(void **state)
{
	CK_SLOT_INFO info;
	CK_ULONG count = 9;

	(void)state;
	unlink("card");
	write_file("card", "");
	open_session("inserted card\n");
	assert_int_equal(shim.p11->C_GetSlotInfo(shim.slot, &info), CKR_OK);
	assert_true(info.flags & CKF_TOKEN_PRESENT);
	unlink("card");
	assert_int_equal(count_slots(&count), CKR_OK);
	assert_int_equal(count, 0);
	assert_int_equal(shim.p11->C_GetSlotInfo(shim.slot, &info), CKR_OK);
	assert_false(info.flags & CKF_TOKEN_PRESENT);
	write_file("card", "");
	assert_int_equal(count_slots(&count), CKR_OK);
	assert_true(count > 0);
	unlink("card");
}

/* The file comes while the call waits, and goes while the next one does. */
static void a_call_waits_until_a_file_comes_or_goes(void **state)
{
	CK_SLOT_ID slot;

	(void)state;
	unlink("event");
	open_session("C_WaitForSlotEvent wait event\n");
	assert_int_equal(run("{ sleep 0.2; touch event; } &"), 0);
	assert_int_equal(shim.p11->C_WaitForSlotEvent(0, &slot, NULL), CKR_OK);
	assert_int_equal(access("event", F_OK), 0);
	assert_int_equal(run("{ sleep 0.2; rm event; } &"), 0);
	assert_int_equal(shim.p11->C_WaitForSlotEvent(0, &slot, NULL), CKR_OK);
	assert_int_not_equal(access("event", F_OK), 0);
}

static void a_hidden_mechanism_is_nowhere(void **state)
{
	CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
	CK_MECHANISM_TYPE types[256];
	CK_MECHANISM_INFO info;
	CK_ULONG announced = 0;
	CK_ULONG count = 256;

	(void)state;
	open_session("mechanism -0x1041 -0x1040\n");
	assert_int_equal(shim.p11->C_GetMechanismList(shim.slot, NULL, &announced), CKR_OK);
	assert_int_equal(shim.p11->C_GetMechanismList(shim.slot, types, &count), CKR_OK);
	assert_int_equal(count, announced);
	assert_true(count > 10);
	for (CK_ULONG i = 0; i < count; i++)
		assert_int_not_equal(types[i], CKM_ECDSA);
	assert_int_equal(shim.p11->C_GetMechanismInfo(shim.slot, CKM_ECDSA, &info),
			 CKR_MECHANISM_INVALID);
	assert_int_equal(shim.p11->C_SignInit(shim.session, &mechanism, 1), CKR_MECHANISM_INVALID);
	count = 1;
	assert_int_equal(shim.p11->C_GetMechanismList(shim.slot, types, &count),
			 CKR_BUFFER_TOO_SMALL);
}

static void a_keypad_types_the_pin(void **state)
{
	(void)state;
	open_session("flags +PROTECTED_AUTHENTICATION_PATH\nkeypad-pin " PIN "\n");
	assert_true(token_flags() & CKF_PROTECTED_AUTHENTICATION_PATH);
	assert_int_equal(login(NULL), CKR_OK);
	assert_true(file_has("log", "C_Login user pin NULL → 0x0\n"));
	assert_false(file_has("log", PIN));
}

static void another_card_takes_the_place_of_the_first_unseen(void **state)
{
	CK_TOKEN_INFO first, info;
	bool alice;

	(void)state;
	assert_int_equal(run("%s/test-card make --module %s --label Other --pin %s --empty "
			     "--so-pin 87654321 >made",
			     world, MODULE, PIN),
			 0);
	open_session("");
	assert_int_equal(shim.p11->C_GetTokenInfo(shim.slot, &first), CKR_OK);
	alice = memcmp(first.label, "Alice ", 6) == 0;
	unload(NULL);
	open_session(alice ? "other Other swapped\n" : "other Alice swapped\n");
	assert_int_equal(login("1111"), CKR_PIN_INCORRECT);
	write_file("swapped", "");
	assert_int_equal(shim.p11->C_GetTokenInfo(shim.slot, &info), CKR_OK);
	assert_memory_not_equal(info.serialNumber, first.serialNumber, sizeof(info.serialNumber));
	assert_int_equal(login("1111"), CKR_PIN_INCORRECT);
	unlink("swapped");
	assert_int_equal(login("1111"), CKR_PIN_INCORRECT);
	assert_true(file_has("log", "C_Login user pin 4 bytes other card → 0xa0\n"));
	assert_true(file_has("log", "C_Login user pin 4 bytes → 0xa0\n"));
}

static void a_pins_length_is_what_the_script_says(void **state)
{
	CK_TOKEN_INFO info;

	(void)state;
	open_session("pin-length 6 8\n");
	assert_int_equal(shim.p11->C_GetTokenInfo(shim.slot, &info), CKR_OK);
	assert_int_equal(info.ulMinPinLen, 6);
	assert_int_equal(info.ulMaxPinLen, 8);
}

static void wrong_pins_are_counted_until_the_token_locks(void **state)
{
	const CK_FLAGS tries =
	    CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;

	(void)state;
	open_session("pin-tries 3 tries\n");
	assert_int_equal(login("1111"), CKR_PIN_INCORRECT);
	assert_int_equal(token_flags() & tries, CKF_USER_PIN_COUNT_LOW);
	assert_int_equal(login(PIN), CKR_OK);
	assert_int_equal(token_flags() & tries, 0);
	assert_int_equal(shim.p11->C_Logout(shim.session), CKR_OK);
	assert_int_equal(login("1111"), CKR_PIN_INCORRECT);
	assert_int_equal(login("2222"), CKR_PIN_INCORRECT);
	assert_int_equal(token_flags() & tries, CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY);
	unload(NULL);
	open_session("pin-tries 3 tries\n");
	assert_int_equal(login("3333"), CKR_PIN_INCORRECT);
	assert_int_equal(token_flags() & tries, CKF_USER_PIN_LOCKED);
	assert_int_equal(login(PIN), CKR_PIN_LOCKED);
}

/* A certificate of this session, under this CKA_ID. */
static CK_RV create_certificate(unsigned char id, CK_OBJECT_HANDLE *object)
{
	static unsigned char bytes[] = {0x30, 0x00};
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},	 {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &no, sizeof(no)},	 {CKA_PRIVATE, &no, sizeof(no)},
	    {CKA_SUBJECT, bytes, sizeof(bytes)}, {CKA_VALUE, bytes, sizeof(bytes)},
	    {CKA_ID, &id, sizeof(id)},
	};

	return shim.p11->C_CreateObject(shim.session, template, 7, object);
}

static void a_token_has_room_for_so_many_certificates(void **state)
{
	CK_OBJECT_HANDLE object = 0;

	(void)state;
	open_session("room 3\n");
	assert_int_equal(create_certificate(0x71, &object), CKR_OK);
	assert_int_equal(create_certificate(0x72, &object), CKR_DEVICE_MEMORY);
	assert_int_equal(shim.p11->C_DestroyObject(shim.session, object), CKR_OK);
	assert_int_equal(create_certificate(0x72, &object), CKR_OK);
}

static void a_token_may_want_an_id_for_each_certificate(void **state)
{
	unsigned char id = 1;
	CK_ATTRIBUTE move = {CKA_ID, &id, sizeof(id)};
	CK_OBJECT_HANDLE object = 0;

	(void)state;
	open_session("unique-ids\n");
	assert_int_equal(create_certificate(1, &object), CKR_GENERAL_ERROR);
	assert_int_equal(create_certificate(0x71, &object), CKR_OK);
	assert_int_equal(shim.p11->C_SetAttributeValue(shim.session, object, &move, 1),
			 CKR_GENERAL_ERROR);
	id = 0x72;
	assert_int_equal(shim.p11->C_SetAttributeValue(shim.session, object, &move, 1), CKR_OK);
}

static void a_token_may_be_for_reading_only(void **state)
{
	CK_SESSION_INFO info;

	(void)state;
	open_session("read-only\n");
	assert_int_equal(shim.p11->C_GetSessionInfo(shim.session, &info), CKR_OK);
	assert_int_equal(info.state, CKS_RO_PUBLIC_SESSION);
	unload(NULL);
	open_session("");
	assert_int_equal(shim.p11->C_GetSessionInfo(shim.session, &info), CKR_OK);
	assert_int_equal(info.state, CKS_RW_PUBLIC_SESSION);
}

/* SoftHSM's settings are read when it is loaded. */
static void while_a_file_is_there_another_folder_is_shown(void **state)
{
	CK_ULONG count = 9;

	(void)state;
	assert_int_equal(run("mkdir nothing"), 0);
	write_file("nothing.conf", "directories.tokendir = nothing\n");
	load("stale nothing.conf written\n");
	assert_string_equal(getenv("SOFTHSM2_CONF"), "softhsm.conf");
	assert_int_equal(shim.p11->C_Initialize(NULL), CKR_OK);
	assert_int_equal(count_slots(&count), CKR_OK);
	unload(NULL);
	write_file("written", "");
	load("stale nothing.conf written\n");
	assert_int_equal(shim.p11->C_Initialize(NULL), CKR_OK);
	assert_string_equal(getenv("SOFTHSM2_CONF"), "nothing.conf");
	unlink("written");
	setenv("SOFTHSM2_CONF", "softhsm.conf", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(a_removed_card_stays_away),
	    PROMISE(a_card_pulled_during_a_call_may_have_done_the_work),
	    PROMISE(token_flags_are_set_and_cleared),
	    PROMISE(a_card_is_inserted_with_its_file),
	    PROMISE(a_call_waits_until_a_file_comes_or_goes),
	    PROMISE(a_hidden_mechanism_is_nowhere),
	    PROMISE(a_token_has_room_for_so_many_certificates),
	    PROMISE(a_token_may_want_an_id_for_each_certificate),
	    PROMISE(a_token_may_be_for_reading_only),
	    PROMISE(while_a_file_is_there_another_folder_is_shown),
	    PROMISE(a_keypad_types_the_pin),
	    PROMISE(a_pins_length_is_what_the_script_says),
	    PROMISE(wrong_pins_are_counted_until_the_token_locks),
	    /* Last: from here on there are two cards. */
	    PROMISE(another_card_takes_the_place_of_the_first_unseen),
	};

	return cmocka_run_group_tests(tests, make_world, remove_world);
}
