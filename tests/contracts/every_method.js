// Every method of notifications-node-client, unmodified; prints what each answered, as one JSON object.
const { readFileSync } = require("node:fs");
const { NotifyClient } = require("notifications-node-client");

const { env } = process;
const client = new NotifyClient(env.NOTIFY_API_URL, env.API_KEY);
const live = new NotifyClient(env.NOTIFY_API_URL, env.API_SENDING_KEY);
const personalisation = { name: "Nia" };
const address = {
  address_line_1: "Nia Nowak",
  address_line_2: "1 Abbey Walk",
  address_line_3: "SW1A 1AA",
};

async function inTime(ask) {
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!error.response || error.response.status !== 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error("It did not come in time.");
}

async function main() {
  const answers = {};
  const pdf = readFileSync(env.LETTER_PDF);
  answers.email = (
    await client.sendEmail(env.EMAIL_TEMPLATE_ID, env.FUNCTIONAL_TEST_EMAIL, {
      personalisation,
      reference: "node",
      emailReplyToId: env.EMAIL_REPLY_TO_ID,
    })
  ).data;
  answers.file = (
    await client.sendEmail(env.EMAIL_TEMPLATE_ID, env.FUNCTIONAL_TEST_EMAIL, {
      personalisation: { name: client.prepareUpload(pdf, { filename: "from-node.pdf" }) },
      reference: "node-file",
    })
  ).data;
  answers.text = (
    await live.sendSms(env.SMS_TEMPLATE_ID, env.FUNCTIONAL_TEST_NUMBER, {
      personalisation,
      smsSenderId: env.SMS_SENDER_ID,
    })
  ).data;
  answers.letter = (
    await client.sendLetter(env.LETTER_TEMPLATE_ID, { personalisation: address })
  ).data;
  answers.ready = (await client.sendPrecompiledLetter("node", pdf, "second")).data;
  answers.read = (await client.getNotificationById(answers.email.id)).data;
  answers.list = (await client.getNotifications("email", undefined, "node")).data;
  const given = await inTime(() => client.getPdfForLetterNotification(answers.ready.id));
  answers.isTheSame = Buffer.compare(Buffer.from(given), pdf) === 0;
  answers.template = (await client.getTemplateById(env.SMS_TEMPLATE_ID)).data;
  answers.version = (await client.getTemplateByIdAndVersion(env.SMS_TEMPLATE_ID, 1)).data;
  answers.templates = (await client.getAllTemplates("sms")).data;
  answers.preview = (
    await client.previewTemplateById(env.EMAIL_TEMPLATE_ID, personalisation)
  ).data;
  answers.received = (await client.getReceivedTexts()).data;
  try {
    await client.sendSms(env.SMS_TEMPLATE_ID, "not a number", { personalisation });
  } catch (error) {
    answers.refused = error.response.data;
  }
  process.stdout.write(JSON.stringify(answers));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n${JSON.stringify(error.response?.data)}\n`);
  process.exitCode = 1;
});
